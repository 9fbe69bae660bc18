/** A store with a season in it: so many jobs that are done, with their tasks, runs, attempts and history. */
import { openSqlite } from "../src/adapters/store/sqlite.ts";
import type { HistoryEntry } from "../src/core/history.ts";
import type { Store } from "../src/ports/store.ts";
import { aGroup, aJob, anAttempt, aRun, aTask } from "../test/contracts/things.ts";

export const JOBS_OF_TASK = 50;
const TASKS_AT_ONCE = 100;

/** Goes on from what is stored already, so that one store can be measured at several sizes. */
export async function fillTo(file: string, jobs: number, at: number): Promise<void> {
  const store = await openSqlite({ file, now: at });
  const highest = await store.queries.highestIds();
  let firstJob = highest.jobs + 1;
  for (let task = highest.tasks + 1; task * JOBS_OF_TASK <= jobs; task += TASKS_AT_ONCE) {
    const count = Math.min(TASKS_AT_ONCE, jobs / JOBS_OF_TASK - task + 1);
    await write(store, { task, job: firstJob }, count, at);
    firstJob += count * JOBS_OF_TASK;
  }
  await store.close();
}

async function write(store: Store, first: { task: number; job: number }, count: number, at: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => first.task + index);
  const jobIds = ids.flatMap((task) =>
    Array.from({ length: JOBS_OF_TASK }, (_, index) => ({
      id: first.job + (task - first.task) * JOBS_OF_TASK + index,
      task,
      index,
    })),
  );
  const began = (task: number) => at - 7_000_000_000 + task * 300_000;
  const used = "0123456789abcdef.0123456789abcdef";
  const workflow = (task: number) => `stored-${task % 20}`;
  await store.transact((tx) =>
    tx.write({
      put: {
        runs: ids.map((task) =>
          aRun(task, {
            attributes: {
              type: "physics",
              fill: Math.floor(task / 10),
              luminosity: 12.5,
              start: "2026-01-01T00:00:00.000Z",
              end: "2026-01-01T01:00:00.000Z",
            },
          }),
        ),
        groups: ids.map((task) =>
          aGroup(task, {
            workflow: workflow(task),
            key: String(task),
            state: "closed",
            count: 1,
            firstRun: task,
            lastRun: task,
            closedAt: began(task),
          }),
        ),
        memberships: ids.map((task) => ({ groupId: task, run: task, member: true })),
        tasks: ids.map((task) =>
          aTask(task, {
            workflow: workflow(task),
            groupKey: String(task),
            state: task % 50 === 0 ? "failed" : "done",
            used,
            createdAt: began(task),
            modifiedAt: began(task),
            startedAt: began(task),
            endedAt: began(task) + 50_000,
            jobs: {
              total: JOBS_OF_TASK,
              done: JOBS_OF_TASK,
              running: 0,
              queued: 0,
              idle: 0,
              failed: 0,
              aborted: 0,
              failedAttempts: 3,
            },
          }),
        ),
        jobs: jobIds.map(({ id, task, index }) =>
          aJob(id, {
            taskId: task,
            index,
            workflow: workflow(task),
            state: "done",
            attempts: 1,
            key: `${workflow(task)}-calibrate-${task}-${id}`,
            createdAt: began(task),
            modifiedAt: began(task),
          }),
        ),
        attempts: jobIds.map(({ id, task, index }) =>
          anAttempt(id, 1, {
            key: `${workflow(task)}-calibrate-${task}-${id}`,
            directory: `jobs/production/prompt/${workflow(task)}/${task}/calibrate.1/${index}.1-01234567`,
            state: "done",
            host: "node-7",
            submittedAt: began(task),
            queuedAt: began(task),
            startedAt: began(task) + 1_000,
            endedAt: began(task) + 21_000,
            exitCode: 0,
            cpuMs: 20_000,
            kept: "log",
            outputs: {
              metrics: { max_shift_ps: 3.5, chi2: 1.02 },
              files: [{ path: `constants-${index}.json` }],
              payloads: [],
              verdict: null,
            },
          }),
        ),
        results: ids.map((task) => ({
          taskId: task,
          attempt: 1,
          state: "done" as const,
          reason: null,
          metrics: { max_shift_ps: 3.5 },
          iterations: 1,
          commit: "c0ffee",
          used,
          jobs: aTask(1).jobs,
          startedAt: began(task),
          endedAt: began(task) + 50_000,
        })),
        tallies: ids.map((task) => ({
          environment: "production",
          campaign: "prompt",
          workflow: workflow(task),
          task: "calibrate",
          state: task % 50 === 0 ? "failed" : "done",
          count: 1,
        })),
      },
      history: ids.flatMap((task) =>
        ["new", "held", "began", "done"].map(
          (event): HistoryEntry => ({
            at: began(task),
            kind: "task",
            ref: String(task),
            event,
            by: "calops",
            why: null,
            commit: "c0ffee",
            detail: null,
          }),
        ),
      ),
    }),
  );
}

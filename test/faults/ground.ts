/** What all fault tests share: a configuration whose jobs leave a trace when they start, and the questions asked in the end. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Entry } from "../../src/adapters/chat/console/channel.ts";
import { readSqlite } from "../../src/adapters/store/sqlite.ts";
import type { Attempt } from "../../src/core/job/job.ts";
import type { Task } from "../../src/core/task/task.ts";

/**
 * Each run has a split task (of which some jobs fail once), one that combines it, and one that fails for good in every
 * fifth run. A job appends its key to a file the moment it starts: what stands there twice ran twice.
 */
export function writeGround(
  directory: string,
  more: { jobs: number; slots: number; sleep: string; retries?: number },
): { config: string; starts: string; runs: string } {
  const config = join(directory, "config");
  const starts = join(directory, "starts");
  const runs = join(directory, "runs.jsonl");
  mkdirSync(join(config, "workflows/chain"), { recursive: true });
  writeFileSync(starts, "");
  if (!existsSync(runs)) writeFileSync(runs, "");
  writeFileSync(
    join(config, "calops.yaml"),
    `experiment: Faults
sources: { list: { watch: { path: ${runs}, settle: 0s }, every: 1s } }
executors: { local: { local: { slots: ${more.slots} } } }
defaults:
  retries: ${more.retries ?? 1}
  backoff: { first: 0s, max: 0s }
  pause-after: never
  errors: [{ exit: 2, then: fail }]
`,
  );
  writeFileSync(
    join(config, "workflows/chain/workflow.yaml"),
    `description: Jobs that leave a trace
owner: nobody
tasks:
  parts: { run: [./job.sh, "${more.sleep}"], split: { jobs: ${more.jobs} } }
  sum: { run: [./job.sh, "0"], needs: [parts], split: { files: parts, per: 7 } }
  check: { run: [./check.sh], needs: [sum] }
`,
  );
  writeFileSync(
    join(config, "workflows/chain/job.sh"),
    `#!/bin/sh
echo "$CALOPS_KEY" >> ${starts}
sleep $1
[ $(( (CALOPS_JOB_INDEX + CALOPS_RUN) % 9 )) = 0 ] && [ "$CALOPS_JOB_ATTEMPT" = 1 ] && { echo "ERROR: first attempt"; exit 1; }
echo "$CALOPS_JOB_INDEX" > "$CALOPS_OUT/part-$CALOPS_JOB_INDEX"
`,
    { mode: 0o755 },
  );
  writeFileSync(
    join(config, "workflows/chain/check.sh"),
    `#!/bin/sh
echo "$CALOPS_KEY" >> ${starts}
[ $(( CALOPS_RUN % 5 )) = 0 ] && { echo "ERROR: bad geometry in run number $CALOPS_RUN"; exit 2; }
exit 0
`,
    { mode: 0o755 },
  );
  return { config, starts, runs };
}

export type Found = {
  readonly tasks: readonly Task[];
  readonly attempts: readonly Attempt[];
  readonly starts: readonly string[];
  readonly entries: readonly Entry[];
};

export async function lookAt(data: string, starts: string): Promise<Found> {
  const store = readSqlite(join(data, "calops.sqlite"));
  const tasks = await store.queries.taskPage({ limit: 100_000 });
  const attempts: Attempt[] = [];
  for (const task of tasks)
    for (const job of await store.queries.jobPage(task.id, { limit: 100_000 }))
      attempts.push(...(await store.queries.attemptsOfJob(job.id)));
  store.close();
  const channel = join(data, "channel.jsonl");
  const entries = existsSync(channel)
    ? readFileSync(channel, "utf8")
        .trim()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Entry)
    : [];
  return {
    tasks,
    attempts,
    starts: readFileSync(starts, "utf8")
      .trim()
      .split("\n")
      .filter((line) => line !== ""),
    entries,
  };
}

/** Nothing lost, nothing twice. */
export function expectExactlyOnce(found: Found, runs: number, jobsOfRun: number): void {
  const { tasks, attempts, starts, entries } = found;
  expect(starts.length, "a key started twice").toBe(new Set(starts).size);
  const keys = new Set(attempts.map((attempt) => attempt.key));
  expect(
    starts.filter((key) => !keys.has(key)),
    "a job ran that the store does not know",
  ).toEqual([]);
  // Every attempt that ended by itself had started; what vanished or was never handed over may not have.
  const started = new Set(starts);
  expect(
    attempts.filter((attempt) => (attempt.state === "done" || attempt.state === "failed") && !started.has(attempt.key)),
  ).toEqual([]);

  expect(tasks).toHaveLength(3 * runs);
  const of = (name: string) => tasks.filter((task) => task.name === name);
  expect(new Set(of("parts").map((task) => `${task.state} ${task.jobs.done}/${task.jobs.total}`))).toEqual(
    new Set([`done ${jobsOfRun}/${jobsOfRun}`]),
  );
  expect(new Set(of("sum").map((task) => task.state))).toEqual(new Set(["done"]));
  const failed = of("check").filter((task) => task.state === "failed");
  expect(failed.map((task) => Number(task.groupKey)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: runs }, (_, index) => index + 1).filter((run) => run % 5 === 0),
  );
  expect(of("check").filter((task) => task.state === "done")).toHaveLength(runs - failed.length);

  // All fail alike, so there is one alert; each edition of it was sent at most once, and the last speaks of them all.
  const alerts = entries.filter((entry) => entry.key.startsWith("alert"));
  expect(new Set(alerts.map((entry) => entry.key)).size).toBe(failed.length > 0 ? 1 : 0);
  expect(new Set(alerts.map((entry) => `${entry.key} ${entry.edition}`)).size).toBe(alerts.length);
  if (failed.length > 1) expect(JSON.stringify(alerts.at(-1))).toContain(`${failed.length} failures`);
}

/** Figures that are taken inside the bot: state changes a second, the read commands, the cost of a turn as history grows. */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../src/ports/log.ts";
import { benchBot } from "./bench-bot.ts";
import { median, percentile, print, round } from "./figure.ts";
import { JOBS_OF_TASK } from "./stored-season.ts";

export const silent: Log = {
  info: () => {},
  warn: (facts, message) => process.stderr.write(`${message} ${JSON.stringify(facts)}\n`),
  error: (facts, message) => process.stderr.write(`${message} ${JSON.stringify(facts)}\n`),
};
/** Idle -> submitting -> running -> done, each of them on disk before anything follows from it. */
const CHANGES_OF_JOB = 3;

/** (a) Durable job state changes a second, through everything that the engine does for them. */
export async function stateChanges(root: string, stored: number, run: number): Promise<number> {
  const jobs = 12_000;
  const bench = await benchBot(root, silent);
  await bench.quiet();
  const start = performance.now();
  await bench.take([{ number: run, type: "bench", jobs }]);
  await bench.quiet();
  const seconds = (performance.now() - start) / 1_000;
  const task = await bench.store.queries.taskByName("production", "many", "work", String(run));
  if (task?.jobs.done !== jobs) throw new Error(`only ${task?.jobs.done} of ${jobs} jobs are done`);
  await bench.stop();
  const rate = (jobs * CHANGES_OF_JOB) / seconds;
  const bare = fsyncs(root);
  print({
    figure: "durable job state changes",
    value: round(rate),
    unit: "1/s",
    promised: "at least 5000",
    against: `${round(bare)} bare fdatasync of 4 KiB a second`,
    ratio: round(rate / bare),
    detail: { jobsStored: stored, jobs, seconds: round(seconds) },
  });
  return rate;
}

function fsyncs(root: string): number {
  const file = openSync(join(root, "fsync.probe"), "w");
  const page = Buffer.alloc(4_096);
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < 1_000; count++) {
    writeSync(file, page, 0, page.length, (count % 1_000) * page.length);
    fdatasyncSync(file);
  }
  closeSync(file);
  return (count * 1_000) / (performance.now() - start);
}

/** (b) Every read command, answered inside the bot, with what it would show. */
export async function readCommands(root: string, stored: number): Promise<void> {
  const bench = await benchBot(root, silent);
  await bench.quiet();
  const tasks = Math.floor(stored / JOBS_OF_TASK);
  const some = (n: number) => 1 + ((n * 7_919) % tasks);
  const lines: Readonly<Record<string, (n: number) => string>> = {
    status: () => "status",
    runs: (n) => (n % 2 ? "runs" : `runs ${some(n)}-${some(n) + 20}`),
    run: (n) => `run ${some(n)}`,
    tasks: (n) =>
      [
        "tasks",
        `tasks --run ${some(n)}`,
        `tasks --workflow stored-${n % 20}`,
        "tasks --state failed",
        "tasks --state processing",
      ][n % 5] ?? "tasks",
    task: (n) => `task ${some(n)}`,
    jobs: (n) => `jobs ${some(n)}`,
    why: (n) => `why ${some(n)}`,
    stale: () => "stale",
    campaigns: () => "campaigns",
    workflows: () => "workflows",
    history: (n) => (n % 2 ? "history" : `history task ${some(n)}`),
    close: () => "close",
    help: () => "help",
  };
  for (const [name, line] of Object.entries(lines)) {
    const times: number[] = [];
    for (let n = 0; n < 220; n++) {
      const words = line(n).split(" ");
      const start = performance.now();
      const answer = await bench.desk.answer(words, { id: "bench", roles: [], owner: true, via: "bench" });
      times.push(performance.now() - start);
      if (!answer.ok) throw new Error(`${words.join(" ")}: ${JSON.stringify(answer.say)}`);
    }
    // The first twenty warm up the code, which a bot that runs for days has behind it.
    const warm = times.slice(20);
    print({
      figure: `command ${name}`,
      value: round(percentile(warm, 99)),
      unit: "ms p99",
      promised: "at most 20",
      detail: { median: round(median(warm)), jobsStored: stored },
    });
  }
  await bench.stop();
}

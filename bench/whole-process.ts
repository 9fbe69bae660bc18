/** Figures that are taken from outside: jobs against `xargs`, a bot that idles, a bot that is started anew. */
import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { median, print, round } from "./figure.ts";

const MAIN = join(import.meta.dirname, "../bin/calops.js");
const SLOTS = availableParallelism();

/** (c) Many short jobs on the local executor, against `xargs -P` with the same program at the same parallelism, in turn. */
export async function manyJobs(
  root: string,
  what: { name: string; program: readonly string[]; jobs: number; pairs: number },
): Promise<void> {
  const ratios: number[] = [];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair < what.pairs; pair++) {
    theirs.push(await secondsOf(() => xargs(what.program, what.jobs)));
    ours.push(await secondsOf(() => calops(join(root, `many-${pair}`), what.program, what.jobs)));
    ratios.push((ours.at(-1) ?? 0) / (theirs.at(-1) ?? 1));
  }
  print({
    figure: what.name,
    value: round(median(ours)),
    unit: "s",
    promised: "at most 1.3 times xargs",
    against: `xargs -P ${SLOTS}: ${round(median(theirs))} s`,
    ratio: round(median(ratios), 3),
    detail: { jobs: what.jobs, parallel: SLOTS, ratios: ratios.map((ratio) => round(ratio, 3)) },
  });
}

async function xargs([program = "", ...args]: readonly string[], jobs: number): Promise<void> {
  await promisify(execFile)("/bin/sh", [
    "-c",
    'n=$1; shift; seq "$n" | xargs -P "$0" -I{} "$@"',
    String(SLOTS),
    String(jobs),
    program,
    ...args,
  ]);
}

async function calops(root: string, program: readonly string[], jobs: number): Promise<void> {
  const config = join(root, "config");
  mkdirSync(join(config, "workflows/many"), { recursive: true });
  writeFileSync(join(root, "runs.jsonl"), '{"run": 1}\n');
  writeFileSync(
    join(config, "calops.yaml"),
    `experiment: Bench\nsources: { list: { replay: { file: ../runs.jsonl } } }\nexecutors: { local: { local: { slots: ${SLOTS} } } }\n`,
  );
  writeFileSync(
    join(config, "workflows/many/workflow.yaml"),
    `description: Many jobs\nowner: bench\ntasks: { work: { run: ${JSON.stringify(program)}, split: { jobs: ${jobs} } } }\n`,
  );
  await promisify(execFile)(process.execPath, [
    MAIN,
    "start",
    "--config",
    config,
    "--data",
    join(root, "data"),
    "--until-idle",
  ]);
  rmSync(root, { recursive: true, force: true });
}

/** (d) What a bot costs that has nothing to do, with a season behind it. (e) How long it takes from its start to its first answer. */
export async function idleAndRestart(root: string, stored: number): Promise<void> {
  const times: number[] = [];
  for (let start = 0; start < 5; start++) {
    const began = performance.now();
    const bot = spawn(
      process.execPath,
      [MAIN, "start", "--config", join(root, "config"), "--data", root, "--port", "0"],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const ended = new Promise((resolve) => bot.once("exit", resolve));
    await firstAnswer(root, bot.pid ?? 0);
    times.push(performance.now() - began);
    if (start === 4) await measureIdle(bot.pid ?? 0, stored);
    bot.kill("SIGTERM");
    await ended;
  }
  const node = await secondsOf(() => promisify(execFile)(process.execPath, ["-e", "0"]));
  print({
    figure: "restart until the first command is answered",
    value: round(median(times) / 1_000),
    unit: "s",
    promised: "at most 1",
    against: `node -e 0: ${round(node)} s`,
    ratio: round(median(times) / 1_000 / node),
    detail: { jobsStored: stored, all: times.map((ms) => round(ms / 1_000)) },
  });
}

async function firstAnswer(root: string, pid: number): Promise<void> {
  for (;;) {
    await wait(5);
    try {
      const { url, pid: listening } = JSON.parse(readFileSync(join(root, "bot.json"), "utf8")) as {
        url: string;
        pid: number;
      };
      if (listening !== pid) continue;
      const { token } = JSON.parse(readFileSync(join(root, "access.json"), "utf8")) as { token: string };
      const answer = await fetch(`${url}/api/commands`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ words: ["status"], by: "bench" }),
      });
      if (answer.ok) return;
    } catch {
      // It does not listen yet.
    }
  }
}

async function measureIdle(pid: number, stored: number): Promise<void> {
  await wait(5_000);
  const seconds = 30;
  const before = processorSeconds(pid);
  await wait(seconds * 1_000);
  const used = processorSeconds(pid) - before;
  const processes = [pid, ...childrenOf(pid)];
  const megabytes = processes.reduce((sum, one) => sum + residentMegabytes(one), 0);
  print({
    figure: "idle, processor",
    value: round((100 * used) / seconds),
    unit: "% of a core",
    promised: "at most 1",
    detail: { jobsStored: stored, seconds },
  });
  print({
    figure: "idle, memory",
    value: round(megabytes),
    unit: "MB",
    promised: "at most 200",
    detail: { jobsStored: stored, processes: processes.map((one) => round(residentMegabytes(one))) },
  });
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_000;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);
}

function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

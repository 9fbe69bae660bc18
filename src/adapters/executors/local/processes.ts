/** Which processes live, by what the kernel says in `/proc`; where there is none, only whether a pid is taken. */
import { readdirSync, readFileSync } from "node:fs";
import type { Claim } from "./verdict.ts";
import { ISOLATED } from "./wrapper.ts";

/** The very process that wrote a claim, not a later one with its number. */
export function isAlive(claim: Claim): boolean {
  if (claim.boot !== "0" && claim.boot !== bootId()) return false;
  const start = startOf(claim.pid);
  if (start !== undefined) return claim.start === "0" || start === claim.start;
  return claim.start === "0" && takes(claim.pid);
}

/** Processes that carry a job's key in their environment, wherever they have wandered: other groups, other sessions. */
export function processesWith(key: string): number[] {
  const mark = `CALOPS_KEY=${key}\0`;
  return pids().filter((pid) => {
    const environment = read(`/proc/${pid}/environ`);
    return environment?.includes(mark) === true && pid !== process.pid;
  });
}

/**
 * Who leads what is asked to end. That is a job's shell, but of an isolated job the first process inside: what holds its
 * namespaces is of the shell's group, and would take the job with it before that had heard.
 */
export function leaderOf(shell: number, key: string): number {
  if (read(`/proc/${shell}/environ`)?.includes(`${ISOLATED}=1\0`) !== true) return shell;
  return processesWith(key).find(isFirstInside) ?? shell;
}

/** Signals a process and, as far as it leads one, its group. */
export function signal(pid: number, name: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, name);
    } catch {
      // It has gone already, which is all that was wanted.
    }
  }
}

/** The first process of a pid namespace that lies directly in ours. */
function isFirstInside(pid: number): boolean {
  const numbers = /^NSpid:\t(.*)$/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1]?.split("\t") ?? [];
  return numbers.length === 2 && numbers[1] === "1";
}

function takes(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}

function bootId(): string {
  return read("/proc/sys/kernel/random/boot_id")?.trim() ?? "0";
}

function pids(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}

/** Processes of this machine: what everybody can see of them, and which ones still run of a test. */
import { readdirSync, readFileSync } from "node:fs";

/** As `ps` shows them to every user. */
export function commandLines(): string[] {
  return others().map(commandOf);
}

/** @returns who has a directory of a test in its environment or among its arguments */
export function leftOver(directory: string): string[] {
  return others()
    .filter((pid) => `${commandOf(pid)} ${textOf(`/proc/${pid}/environ`)}`.includes(directory))
    .map((pid) => `${pid}: ${commandOf(pid)}`);
}

function others(): string[] {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid);
}

function commandOf(pid: string): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // It ended while we looked.
    return "";
  }
}

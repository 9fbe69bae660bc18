/** What still runs of a test: whoever has its directory in its environment or among its arguments. */
import { readdirSync, readFileSync } from "node:fs";

/** @returns command lines, one a process; those that ended and were not buried yet do nothing any more */
export function leftOver(directory: string): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .flatMap((pid) => {
      const command = textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
      return `${command} ${textOf(`/proc/${pid}/environ`)}`.includes(directory) ? [`${pid}: ${command}`] : [];
    });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // It ended while we looked.
    return "";
  }
}

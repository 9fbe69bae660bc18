/**
 * One run of a program: what it printed, or why that does not count. It is asked to end when it takes too long or prints
 * too much, and forced when it does not; nothing that it started in its group outlives it.
 */
import { spawn } from "node:child_process";
import { formatDuration } from "../../../core/time.ts";
import { Ending } from "./ending.ts";

export type Program = {
  /** As messages call it. */
  readonly name: string;
  readonly words: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Between asking it to end and forcing it. */
  readonly graceMs: number;
  readonly limitBytes: number;
  /** Ends it when the source is closed. */
  readonly closing: AbortSignal;
};

const ERRORS_KEPT = 64_000;

export async function runProgram(program: Program): Promise<string> {
  const { name, words, directory, env, timeoutMs, graceMs, limitBytes, closing } = program;
  const [file = "", ...rest] = words;
  if (closing.aborted) throw new Error(`${name} was not started: the source is closed`);
  const child = spawn(file, rest, { cwd: directory, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const ending = new Ending(child, graceMs);
  const tooLate = `took longer than ${formatDuration(timeoutMs)}: look at what it waits for, or allow more (timeout)`;
  const tooMuch = `printed more than ${Math.round(limitBytes / 1e6)} MB: let it print only what is new, by $CALOPS_CURSOR`;
  const late = setTimeout(() => ending.ask(tooLate), timeoutMs);
  const close = () => ending.ask("was ended: the source is closed");
  closing.addEventListener("abort", close);

  const printed: Buffer[] = [];
  let bytes = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limitBytes) printed.push(chunk);
    else ending.ask(tooMuch);
  });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-ERRORS_KEPT);
  });

  try {
    const wrong = await ending.done;
    if (wrong === undefined) return Buffer.concat(printed).toString("utf8");
    throw new Error([`${name} ${wrong}`, lastLine(errors)].filter((part) => part !== "").join(": "));
  } finally {
    clearTimeout(late);
    closing.removeEventListener("abort", close);
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

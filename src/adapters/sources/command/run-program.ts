/**
 * One run of a program: what it printed, or why that does not count. It is asked to end when it takes too long or prints
 * too much, and forced when it does not; nothing that it started in its group outlives it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { formatDuration } from "../../../core/time.ts";
import { signalGroup } from "./process-group.ts";

export type Program = {
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
  const { words, directory, env, timeoutMs, graceMs, limitBytes, closing } = program;
  const [name = "", ...rest] = words;
  if (closing.aborted) throw new Error(`${name} was not started: the source is closed`);
  const child: ChildProcess = spawn(name, rest, { cwd: directory, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });

  let stopped: string | undefined;
  let force: NodeJS.Timeout | undefined;
  const stop = (why: string) => {
    if (stopped !== undefined || child.pid === undefined) return;
    const leader = child.pid;
    stopped = why;
    signalGroup(leader, "SIGTERM");
    force = setTimeout(() => {
      stopped = `${why}, and had to be forced to end`;
      signalGroup(leader, "SIGKILL");
    }, graceMs);
  };
  const late = setTimeout(
    () => stop(`took longer than ${formatDuration(timeoutMs)}: look at what it waits for, or allow more (timeout)`),
    timeoutMs,
  );
  const close = () => stop("was ended: the source is closed");
  closing.addEventListener("abort", close);

  const printed: Buffer[] = [];
  let bytes = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limitBytes) printed.push(chunk);
    else stop(`printed more than ${Math.round(limitBytes / 1e6)} MB: let it print what is new only, by $CALOPS_CURSOR`);
  });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-ERRORS_KEPT);
  });

  try {
    const wrong = await endOf(child);
    const why = stopped ?? wrong;
    if (why !== undefined)
      throw new Error([`${name} ${why}`, lastLine(errors)].filter((part) => part !== "").join(": "));
    return Buffer.concat(printed).toString("utf8");
  } finally {
    clearTimeout(late);
    clearTimeout(force);
    closing.removeEventListener("abort", close);
  }
}

/** How a program ended that did not end well; resolves once everything that it printed has arrived. */
function endOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => resolve(`cannot be started: ${error.code ?? error.message}`));
    // What it left behind would hold its output open for ever.
    child.once("exit", () => child.pid !== undefined && signalGroup(child.pid, "SIGKILL"));
    child.once("close", (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`);
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim().slice(0, 500) ?? "";
}

/**
 * One run of a program in a process group of its own, so that it can be ended with everything that it started: git leaves
 * the network to helpers, and those are what hangs.
 */
import { type ChildProcess, spawn } from "node:child_process";

export type Run = {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Its standard input; nothing by default. */
  readonly input?: string | undefined;
  readonly timeoutMs: number;
  /** For one that tells on standard error how far it is: so long it may say nothing. */
  readonly silenceMs?: number | undefined;
  readonly mostBytes: number;
};

export type Ran = {
  readonly output: Buffer;
  /** The end of what it printed on standard error. */
  readonly errors: string;
  /** Undefined when it was ended. */
  readonly code: number | undefined;
  /** Why it was ended by us. */
  readonly ended?: "late" | "silent" | "talkative" | undefined;
};

const ERRORS_KEPT = 64_000;
/** Between asking to end and forcing it; also what is left behind may hold the pipes so long. */
const GRACE_MS = 1_000;

/** Rejects when the program cannot be started; how it ended is the caller's to judge. */
export async function run(wanted: Run): Promise<Ran> {
  const { program, args, directory, env, input, timeoutMs, silenceMs, mostBytes } = wanted;
  const child = spawn(program, args, { cwd: directory, env, detached: true, stdio: "pipe" });
  const output: Buffer[] = [];
  let bytes = 0;
  let errors = "";
  let ended: Ran["ended"];
  const end = (why: Exclude<Ran["ended"], undefined>) => {
    ended ??= why;
    endGroup(child);
  };
  const late = setTimeout(end, timeoutMs, "late");
  const silent = silenceMs === undefined ? undefined : setTimeout(end, silenceMs, "silent");
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= mostBytes) output.push(chunk);
    else end("talkative");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    silent?.refresh();
    errors = (errors + chunk.toString("utf8")).slice(-ERRORS_KEPT);
  });
  // It may end without having read everything, and then says why itself.
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  try {
    const code = await endOf(child);
    return { output: Buffer.concat(output), errors, code: ended ? undefined : (code ?? undefined), ended };
  } finally {
    clearTimeout(late);
    clearTimeout(silent);
  }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let left: NodeJS.Timeout | undefined;
    child.once("error", reject);
    child.once("exit", () => {
      left = setTimeout(() => {
        killGroup(child, "SIGKILL");
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, GRACE_MS);
    });
    child.once("close", (code) => {
      clearTimeout(left);
      resolve(code);
    });
  });
}

/** Asked first: git removes its locks then. */
function endGroup(child: ChildProcess): void {
  killGroup(child, "SIGTERM");
  const force = setTimeout(killGroup, GRACE_MS, child, "SIGKILL");
  child.once("close", () => clearTimeout(force));
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}

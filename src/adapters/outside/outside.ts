/** Asks outside for JSON: a page, or a command. Neither may take long, and what they answer is only data. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { formatDuration } from "../../core/time.ts";
import type { Outside } from "../../ports/outside.ts";
import { type Isolation, withFilter } from "../isolation/isolation.ts";

type Bounds = { readonly timeoutMs: number; readonly mostBytes: number };

const BOUNDS: Bounds = { timeoutMs: 30_000, mostBytes: 4 * 1024 * 1024 };
/** Variables of the bot's own environment that a command gets; everything else, secrets among it, stays behind. */
const PASSED_ON = ["PATH", "HOME", "LANG", "TZ"] as const;
/** What a command sees that may be anybody's: checkouts, and no place to write but its own /tmp. */
const NOTHING = { directory: "/tmp", readable: [], writable: [], env: {} };
const AWAY_FROM_HOME = { HOME: "/tmp", TMPDIR: "/tmp" };

export function outside(env: NodeJS.ProcessEnv, isolation: Isolation, bounds: Bounds = BOUNDS): Outside {
  return {
    async fetchJson(url) {
      const { host } = new URL(url);
      const text = await fetchText(url, bounds).catch((cause: Error) => {
        throw new Error(`${host} ${inWords(cause, bounds)}`, { cause });
      });
      return parse(text, host);
    },
    async runJson(command, isolated) {
      const passed = Object.fromEntries(
        PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const])),
      );
      const why = isolated ? await isolation.cannot() : undefined;
      if (why !== undefined) throw new Error(`${command[0]} must be run isolated, and cannot be: ${why}`);
      const [program = "", ...args] = isolated ? withFilter(isolation.enclose(command, NOTHING)) : command;
      const running = promisify(execFile)(program, args, {
        timeout: bounds.timeoutMs,
        maxBuffer: bounds.mostBytes,
        // Not to be argued with: what it leaves behind is not waited for either.
        killSignal: "SIGKILL",
        env: isolated ? { ...passed, ...AWAY_FROM_HOME } : passed,
      });
      // Nobody will type anything. One that is gone before it has read the filter tells why by its end.
      running.child.stdin?.once("error", () => {}).end(isolated ? isolation.filter : undefined);
      const { stdout } = await running.catch((cause: Failure) => {
        throw new Error(`${command[0]} ${howItEnded(cause, bounds)}`, { cause });
      });
      return parse(stdout, command[0] ?? "");
    },
  };
}

class NoAnswer extends Error {}

async function fetchText(url: string, { timeoutMs, mostBytes }: Bounds): Promise<string> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: "application/json" },
    redirect: "error",
  });
  if (!response.ok) throw new NoAnswer(`answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > mostBytes) throw new NoAnswer(`answers more than ${mostBytes} bytes, which is too much`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function inWords(error: Error, { timeoutMs }: Bounds): string {
  if (error instanceof NoAnswer) return error.message;
  if (error.name === "TimeoutError") return `did not answer within ${formatDuration(timeoutMs)}`;
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  if (cause?.message === "unexpected redirect") return "answers with a redirect, which is not followed";
  return `cannot be reached: ${cause?.code ?? cause?.message ?? error.message}`;
}

type Failure = Error & {
  readonly code?: string | number | null;
  readonly signal?: string;
  readonly killed?: boolean;
  readonly stderr?: string;
};

function howItEnded({ code, signal, killed, stderr, message }: Failure, { timeoutMs, mostBytes }: Bounds): string {
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `prints more than ${mostBytes} bytes, which is too much`;
  if (killed) return `did not end within ${formatDuration(timeoutMs)}`;
  if (typeof code === "string") return `cannot be started: ${code}`;
  if (typeof code !== "number") return `was ended by ${signal ?? message}`;
  const told = stderr?.trim().split("\n").at(-1);
  return `ended with ${code}${told ? `: ${told}` : ""}`;
}

function parse(text: string, who: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`the answer of ${who} is not JSON: ${text.slice(0, 80)}`);
  }
}

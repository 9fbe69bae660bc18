/**
 * The machine's git, run with an argument list and a small environment: nothing that a repository brings is executed, and
 * nobody is asked for a password.
 */
import { formatDuration } from "../../core/time.ts";
import { type Address, hiding } from "./address.ts";
import { type Ran, run } from "./run.ts";

/** @returns what it printed. Rejects with `GitError`. */
export type Git = (args: readonly string[], options?: GitOptions) => Promise<string>;

export type GitOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** `latin1`: one character a byte, for what need not be text. */
  readonly encoding?: "utf8" | "latin1";
  /** What it says on standard error is what is wanted. */
  readonly alsoErrors?: boolean;
  readonly timeoutMs?: number;
  /** For what tells how far it is: so long it may say nothing. */
  readonly silenceMs?: number;
  /** No file that it writes gets larger, and neither does its memory without bound. For what others make up. */
  readonly mostBytesWritten?: number;
  /** It is ended when it prints more; the error has what came before. */
  readonly mostBytesPrinted?: number;
};

export type GitParts = {
  /** The clone. */
  readonly directory: string;
  /** The bot's own environment; git gets a few of its variables. */
  readonly env: NodeJS.ProcessEnv;
};

export class GitError extends Error {
  /** What it had printed, on standard output and on standard error. */
  readonly output: string;
  readonly errors: string;
  /** Undefined when it did not end by itself, or could not be started. */
  readonly code: number | undefined;
  readonly ended: Ran["ended"];

  constructor(message: string, ran?: Pick<Ran, "errors" | "code" | "ended"> & { readonly text: string }) {
    super(message);
    this.name = "GitError";
    this.output = ran?.text ?? "";
    this.errors = ran?.errors ?? "";
    this.code = ran?.code;
    this.ended = ran?.ended;
  }
}

const SAFELY = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.autocrlf=false",
  // What the person who runs the bot ignores elsewhere belongs to the configuration here.
  "core.excludesFile=/dev/null",
  "core.attributesFile=/dev/null",
  "core.symlinks=true",
  // Larger files are never held in memory as a whole.
  "core.bigFileThreshold=32m",
  "gc.auto=0",
  "maintenance.auto=false",
  "submodule.recurse=false",
  "credential.interactive=false",
  "protocol.allow=never",
  "protocol.file.allow=always",
  "protocol.ssh.allow=always",
  "protocol.http.allow=always",
  "protocol.https.allow=always",
];
const PASSED_ON = [
  "PATH",
  "HOME",
  "XDG_CONFIG_HOME",
  "USER",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "https_proxy",
  "HTTPS_PROXY",
  "http_proxy",
  "all_proxy",
  "ALL_PROXY",
  "no_proxy",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "GIT_SSL_CAINFO",
];
const SSH = "ssh -oBatchMode=yes -oConnectTimeout=10 -oServerAliveInterval=10";
const TIMEOUT_MS = 60_000;
const MOST_BYTES_PRINTED = 64_000_000;
/** Some kilobytes can be made so that they unpack to all the memory that there is. */
const MOST_MEMORY_KB = 2_000_000;

/** Git on the clone. Settings of the bot's user, and with them filters and programs, play no part. */
export function localGit({ directory, env }: GitParts): Git {
  const here = { ...environment(directory, env), GIT_CONFIG_GLOBAL: "/dev/null" };
  return (args, options = {}) =>
    gitWith({ directory, env: here, hide: hiding([]), timeoutMs: TIMEOUT_MS }, args, options);
}

/** Git between the clone and its remote, with what the bot's user has set up for that: helpers for passwords, proxies, keys. */
export function remoteGit({
  directory,
  env,
  address,
  token,
  timeoutMs,
}: GitParts & {
  readonly address: Address;
  readonly token: () => string | undefined;
  readonly timeoutMs: number;
}): Git {
  const patience = [`http.lowSpeedLimit=100`, `http.lowSpeedTime=${Math.max(1, Math.round(timeoutMs / 1_000))}`];
  return (args, options = {}) => {
    const { secrets, settings } = credentials(address, token()?.trim());
    const here = { ...environment(directory, env), ...ssh(env), ...settings };
    const hide = hiding([...address.secrets, ...secrets]);
    const all = [...patience.flatMap((setting) => ["-c", setting]), ...args];
    return gitWith({ directory, env: here, hide, timeoutMs, named: args[0] }, all, options);
  };
}

/** Whether git answers yes; it says no by ending with 1. */
export async function saysYes(git: Git, args: readonly string[]): Promise<boolean> {
  try {
    await git(args);
    return true;
  } catch (error) {
    if (error instanceof GitError && error.code === 1) return false;
    throw error;
  }
}

type Setting = {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly hide: (text: string) => string;
  readonly timeoutMs: number;
  readonly named?: string | undefined;
};

async function gitWith(setting: Setting, args: readonly string[], options: GitOptions): Promise<string> {
  const { directory, hide, named = args[0] } = setting;
  const words = ["git", ...SAFELY.flatMap((safe) => ["-c", safe]), ...args];
  const [program = "", ...rest] =
    options.mostBytesWritten === undefined ? words : limited(words, options.mostBytesWritten);
  const timeoutMs = options.timeoutMs ?? setting.timeoutMs;
  const ran = await run({
    program,
    args: rest,
    directory,
    env: { ...setting.env, ...options.env },
    input: options.input,
    timeoutMs,
    silenceMs: options.silenceMs,
    mostBytes: options.mostBytesPrinted ?? MOST_BYTES_PRINTED,
  }).catch((cause: Error) => {
    throw new GitError(`git ${named}: ${hide(cause.message)}`);
  });
  if (ran.code === 0) return options.alsoErrors ? ran.errors : ran.output.toString(options.encoding ?? "utf8");
  const errors = hide(ran.errors);
  throw new GitError(`git ${named}${howItEnded({ ...ran, errors }, timeoutMs, options)}`, {
    ...ran,
    errors,
    text: hide(ran.output.toString("utf8")),
  });
}

/** A shell, only to set the limits: what it runs are its arguments, and none is read by it. Blocks are of 512 bytes. */
function limited(words: readonly string[], bytes: number): readonly string[] {
  // A limit that is lower already cannot be raised, and holds. Git is to say that it met it, rather than to die of it.
  const script = 'trap "" XFSZ; ulimit -f "$1" 2>/dev/null; ulimit -d "$2" 2>/dev/null; shift 2; exec "$@"';
  return ["/bin/sh", "-c", script, "sh", String(Math.ceil(bytes / 512)), String(MOST_MEMORY_KB), ...words];
}

function howItEnded({ errors, code, ended }: Ran, timeoutMs: number, options: GitOptions): string {
  const { silenceMs = 0, mostBytesPrinted = MOST_BYTES_PRINTED } = options;
  switch (ended) {
    case "late":
      return ` took longer than ${formatDuration(timeoutMs)}`;
    case "silent":
      return ` said nothing for ${formatDuration(silenceMs)}`;
    case "talkative":
      return ` printed more than ${mostBytesPrinted / 1e6} MB`;
    case undefined:
      return `: ${lastLine(errors) || `ended with ${code ?? "a signal"}`}`;
  }
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? ""
  );
}

function environment(directory: string, env: NodeJS.ProcessEnv): Record<string, string> {
  return {
    ...picked(env, PASSED_ON),
    // What git says is read.
    LC_ALL: "C.UTF-8",
    GIT_DIR: directory,
    GIT_TERMINAL_PROMPT: "0",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_AUTHOR_NAME: "calops",
    GIT_AUTHOR_EMAIL: "calops@localhost",
    GIT_COMMITTER_NAME: "calops",
    GIT_COMMITTER_EMAIL: "calops@localhost",
  };
}

/** As the bot's environment has it, or so that nobody is asked anything. */
function ssh(env: NodeJS.ProcessEnv): Record<string, string> {
  const own = picked(env, ["GIT_SSH_COMMAND", "GIT_SSH", "GIT_SSH_VARIANT"]);
  return "GIT_SSH_COMMAND" in own || "GIT_SSH" in own ? own : { GIT_SSH_COMMAND: SSH };
}

/** In the environment, which other users of the machine do not see, and for no other place than the remote. */
function credentials(
  { origin, login }: Address,
  token: string | undefined,
): { secrets: readonly string[]; settings: Record<string, string> } {
  const secret = token === undefined || token === "" ? login : `x-access-token:${token}`;
  if (origin === undefined || secret === undefined) return { secrets: [], settings: {} };
  const basic = Buffer.from(secret, "utf8").toString("base64");
  return {
    secrets: [...(token === undefined ? [] : [token]), basic],
    settings: {
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: `http.${origin}/.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
      // Git would send it on to wherever it is led.
      GIT_CONFIG_KEY_1: `http.${origin}/.followRedirects`,
      GIT_CONFIG_VALUE_1: "false",
    },
  };
}

function picked(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const])));
}

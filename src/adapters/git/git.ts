/** The machine's git, run with an argument list and a small environment: nothing that a repository brings is executed, and nobody is asked for a password. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type Git = (args: readonly string[], more?: Readonly<Record<string, string>>) => Promise<string>;

export class GitError extends Error {
  constructor(args: readonly string[], cause: { stderr?: string; killed?: boolean; message: string }) {
    const told = (cause.stderr ?? "").trim().split("\n").at(-1);
    super(cause.killed ? `git ${args[0]} took longer than a minute` : `git ${args[0]}: ${told || cause.message}`, {
      cause,
    });
    this.name = "GitError";
  }
}

const SAFELY = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.autocrlf=false",
  // What the person who runs the bot ignores elsewhere belongs to the configuration here.
  "core.excludesFile=/dev/null",
  "core.attributesFile=/dev/null",
  "gc.auto=0",
  "protocol.ext.allow=never",
];
const PASSED_ON = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "SSH_AUTH_SOCK",
  "https_proxy",
  "http_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
];
const TIMEOUT_MS = 60_000;
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Git on one repository. */
export function gitIn(directory: string, env: NodeJS.ProcessEnv): Git {
  const passed = Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  const fixed = {
    GIT_DIR: directory,
    GIT_TERMINAL_PROMPT: "0",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "calops",
    GIT_AUTHOR_EMAIL: "calops@localhost",
    GIT_COMMITTER_NAME: "calops",
    GIT_COMMITTER_EMAIL: "calops@localhost",
  };
  return async (args, more = {}) => {
    const all = [...SAFELY.flatMap((setting) => ["-c", setting]), ...args];
    try {
      const options = {
        cwd: directory,
        env: { ...passed, ...fixed, ...more },
        timeout: TIMEOUT_MS,
        maxBuffer: MOST_OUTPUT,
      };
      return (await promisify(execFile)("git", all, options)).stdout;
    } catch (error) {
      throw new GitError(args, error as Error);
    }
  };
}

/**
 * Runs what anybody may have written so that it sees nothing of the bot and changes nothing of anybody: no secret, no other
 * job, no process, and files only where it is told. The network stays. It is done by bubblewrap (`bwrap`), with namespaces.
 */
import { execFile } from "node:child_process";
import { accessSync, chownSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { BECOME_NOBODY, bubblewrapOptions, FILTER_FD, type Mounts, NOBODY } from "./bubblewrap.ts";
import { keyFilter } from "./key-filter.ts";
import { isBelow } from "./paths.ts";
import { placesOf, realOf } from "./places.ts";

/** What an isolated process gets. */
export type View = Mounts & {
  /** Variables for it, and for nothing that runs outside: what a branch writes there could turn any program into its own. */
  readonly env: Readonly<Record<string, string>>;
};

export type Isolation = {
  /** Undefined where it can be done; otherwise why not, and what to do. It is tried out, until it has succeeded once. */
  cannot(): Promise<string | undefined>;
  /**
   * The command line by which a command runs isolated; its descriptor 3 must give `filter`. What is not there, or is
   * something else than its path says, is not to be seen. Throws where nothing can be hidden.
   */
  enclose(command: readonly string[], view: View): string[];
  readonly filter: Buffer;
};

/** The checkouts of the configuration in the data directory, which are for everybody. */
const CHECKOUTS = "checkouts";

/**
 * The first process inside. Nobody can ask that one to end, so it waits for the answer of those who were asked; and when it
 * ends, the kernel ends what is left.
 */
const FIRST = '"$@"; exit $?';

const TRIAL = `
[ -x "$1" ] || { echo "the user $(id -u) cannot run $1 there" >&2; exit 1; }
[ -w /tmp ] || { echo "/tmp cannot be written there" >&2; exit 1; }
cd "$2" || { echo "the user $(id -u) does not get to $2 there" >&2; exit 1; }
`;

/** @param root the data directory */
export function openIsolation(root: string, env: NodeJS.ProcessEnv): Isolation {
  const isRoot = process.getuid?.() === 0;
  const filter = keyFilter();
  const enclose: Isolation["enclose"] = (command, view) => {
    const places = placesOf(root, env);
    if (typeof places === "string") throw new Error(places);
    const real = (path: string) => (isBelow(path, root) ? places.root + path.slice(root.length) : path);
    // A link that somebody laid there would show what it leads to.
    const there = (path: string) => (realOf(real(path)) === real(path) ? [real(path)] : []);
    const mounts = {
      directory: real(view.directory),
      readable: [join(root, CHECKOUTS), ...view.readable].flatMap(there),
      writable: view.writable.flatMap(there),
    };
    if (isRoot) for (const path of mounts.writable) chownSync(path, NOBODY, NOBODY);
    return [
      findProgram("bwrap", env) ?? "bwrap",
      ...bubblewrapOptions(places, mounts, isRoot),
      ...["/bin/sh", "-c", FIRST, "calops-job"],
      ...(isRoot ? BECOME_NOBODY : []),
      "env",
      ...Object.entries(view.env).map(([name, value]) => `${name}=${value}`),
      ...command,
    ];
  };

  const attempt = async (): Promise<string | undefined> => {
    if (process.platform !== "linux") return "jobs can be isolated on Linux only; run the bot there";
    if (findProgram("bwrap", env) === undefined)
      return "bubblewrap is not installed; install the package bubblewrap (apt-get install bubblewrap)";
    const places = placesOf(root, env);
    if (typeof places === "string") return places;
    const trial = ["/bin/sh", "-c", TRIAL, "calops-trial", process.execPath, root];
    const view = { directory: root, readable: [], writable: [], env: {} };
    return await run(withFilter(enclose(trial, view)), filter, env);
  };
  let trying: Promise<string | undefined> | undefined;

  return {
    filter,
    enclose,
    cannot() {
      trying ??= attempt()
        .catch(inWords)
        .then((why) => {
          // What is amiss may be put right while the bot runs.
          if (why !== undefined) trying = undefined;
          return why;
        });
      return trying;
    },
  };
}

/** The same command line for one whose standard input gives the filter; it reads nothing itself. */
export function withFilter(command: readonly string[]): string[] {
  return ["/bin/sh", "-c", `exec "$@" ${FILTER_FD}<&0 </dev/null`, "calops-isolated", ...command];
}

async function run(command: readonly string[], input: Buffer, env: NodeJS.ProcessEnv): Promise<undefined> {
  const [program = "", ...args] = command;
  const running = promisify(execFile)(program, args, {
    env: { PATH: env["PATH"] ?? "/usr/bin:/bin" },
    timeout: 10_000,
    killSignal: "SIGKILL",
  });
  // One that is gone before it has read this tells why by its end.
  running.child.stdin?.once("error", () => {}).end(input);
  await running;
}

function inWords(failure: Error & { readonly stderr?: string; readonly killed?: boolean }): string {
  const told = failure.killed
    ? "it did not end within 10s"
    : (failure.stderr?.trim().split("\n").at(-1) ?? failure.message);
  return `this machine does not let bwrap isolate a process: ${told || failure.message}; docs/install.md says what it must allow`;
}

function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env["PATH"] ?? "/usr/bin:/bin")
    .split(delimiter)
    .filter(isAbsolute)
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

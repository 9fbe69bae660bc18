/** Programs in a root directory of their own, with processes of their own: what a container engine does, less its network. */
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

export type Inside = {
  readonly root: string;
  /** `UID:GID`, with no other group. */
  readonly user: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
};

/** A shell line for each mount, with the root in `$root`; they are undone when the program ends. */
export type Mounts = readonly string[];

/** The first process, with the id that this machine knows it by. */
export type FirstProcess = {
  readonly pid: number;
  readonly ended: Promise<number | null>;
  readonly alive: () => boolean;
  readonly output: () => string;
};

/** What every program sees, in a build as later. */
const ALWAYS: Mounts = ['mount -t proc proc "$root/proc"', 'mount --bind /etc/resolv.conf "$root/etc/resolv.conf"'];

/** The program that is process 1. */
export async function startInside(inside: Inside, program: readonly string[], mounts: Mounts): Promise<FirstProcess> {
  const { child, ended, output } = spawnInside(inside, program, mounts);
  for (;;) {
    const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim());
    // Until then it is still the shell that mounts.
    if (pid > 0 && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === program[0])
      return { pid, ended, alive: () => child.exitCode === null, output };
    if (child.exitCode !== null) throw new Error(`${program.join(" ")} ended with ${child.exitCode}: ${output()}`);
    await wait(10);
  }
}

/** A program of a build. @throws with everything that it printed */
export async function runInside(inside: Inside, program: readonly string[], mounts: Mounts): Promise<void> {
  const { ended, output } = spawnInside(inside, program, mounts);
  const code = await ended;
  if (code !== 0) throw new Error(`${program.join(" ")} ended with ${code}:\n${output()}`);
}

/** One more program beside a first process, as `docker exec` starts it. Resolves with what it printed on standard output. */
export async function joinInside(first: FirstProcess, inside: Inside, program: readonly string[]): Promise<string> {
  const enter = ["--target", String(first.pid), "--mount", "--pid", "--root"];
  const run = promisify(execFile);
  return (await run("nsenter", [...enter, "chroot", ...asUser(inside, "/"), ...program])).stdout;
}

function spawnInside(inside: Inside, program: readonly string[], mounts: Mounts) {
  const script = ["set -eu", "root=$1", "shift", ...ALWAYS, ...mounts, 'exec chroot "$@"'].join("\n");
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child"];
  const words = [...namespaces, "sh", "-c", script, "sh", inside.root, ...asUser(inside, inside.root), ...program];
  const child = spawn("unshare", words, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, output: () => output };
}

function asUser({ user, directory, env }: Inside, root: string): string[] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const [, group = "0"] = user.split(":");
  return [`--userspec=${user}`, `--groups=${group}`, root, "env", "-i", "-C", directory, ...variables];
}

/** The shell around a job as a process. It waits to be told to go. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { dirname } from "node:path";
import type { Writable } from "node:stream";
import type { Order } from "../../../core/job/order.ts";
import type { Isolation } from "../../isolation/isolation.ts";
import type { AttemptDirectory } from "./attempt-directory.ts";
import { viewOf } from "./view.ts";
import { ISOLATED, PASSED_ON, WRAPPER } from "./wrapper.ts";

export type ShellParts = {
  /** The data directory. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly isolation: Isolation;
};

/** Makes the directory of an attempt and its shell. Undefined, or it throws, when the machine has no process or no disk to give. */
export function openShell(order: Order, files: AttemptDirectory, parts: ShellParts): ChildProcess | undefined {
  const { isolation, root, env } = parts;
  const log = files.prepare(order);
  try {
    const command = order.isolated ? isolation.enclose(order.command, viewOf(order, root, files)) : order.command;
    const shell = spawn("/bin/sh", ["-c", WRAPPER, "calops-job", files.path, ...command], {
      cwd: files.path,
      detached: true,
      stdio: order.isolated ? ["pipe", log, log, "pipe"] : ["pipe", log, log],
      env: order.isolated ? isolatedEnvironment(order, files, env) : environmentOf(order, files, env),
    });
    if (order.isolated && shell.pid !== undefined) give(isolation.filter, shell.stdio[3] as Writable);
    // One without a process id tells of its misfortune again, and one that is gone tells of its pipe.
    shell.once("error", () => {});
    shell.stdin?.once("error", () => {});
    shell.unref();
    return shell.pid === undefined ? undefined : shell;
  } finally {
    closeSync(log);
  }
}

function environmentOf(order: Order, files: AttemptDirectory, env: NodeJS.ProcessEnv): Record<string, string> {
  return { ...passedOn(env), ...order.env, ...ownFacts(order, files) };
}

/** The order's own variables come to the job alone: the shell, and what makes its isolation, would do what they say. */
function isolatedEnvironment(order: Order, files: AttemptDirectory, env: NodeJS.ProcessEnv): Record<string, string> {
  return { ...passedOn(env), HOME: files.work, TMPDIR: "/tmp", ...ownFacts(order, files), [ISOLATED]: "1" };
}

function passedOn(env: NodeJS.ProcessEnv): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  // Scripts that start with `#!/usr/bin/env node` get the node that runs the bot.
  const path = [dirname(process.execPath), env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"].join(":");
  return { ...Object.fromEntries(passed), PATH: path };
}

function ownFacts(order: Order, files: AttemptDirectory): Record<string, string> {
  return {
    CALOPS_KEY: order.key,
    CALOPS_JOB: files.job,
    CALOPS_OUT: files.out,
    CALOPS_WORK: files.work,
  };
}

function give(bytes: Buffer, pipe: Writable): void {
  // Once it is in the pipe it stays there for whoever reads it.
  pipe.once("error", () => {}).end(bytes, () => pipe.destroy());
}

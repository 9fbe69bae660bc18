/** The shell around a job as a process. It waits to be told to go. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { dirname } from "node:path";
import type { Order } from "../../../core/job/order.ts";
import type { AttemptDirectory } from "./attempt-directory.ts";
import { PASSED_ON, WRAPPER } from "./wrapper.ts";

/** Makes the directory of an attempt and its shell. Undefined, or it throws, when the machine has no process or no disk to give. */
export function openShell(order: Order, files: AttemptDirectory, env: NodeJS.ProcessEnv): ChildProcess | undefined {
  const log = files.prepare(order);
  try {
    const shell = spawn("/bin/sh", ["-c", WRAPPER, "calops-job", files.path, ...order.command], {
      cwd: files.path,
      detached: true,
      stdio: ["pipe", log, log],
      env: environmentOf(order, files, env),
    });
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
  const passed = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return {
    ...Object.fromEntries(passed),
    // Scripts that start with `#!/usr/bin/env node` get the node that runs the bot.
    PATH: [dirname(process.execPath), env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"].join(":"),
    ...order.env,
    CALOPS_KEY: order.key,
    CALOPS_JOB: files.job,
    CALOPS_OUT: files.out,
    CALOPS_WORK: files.work,
  };
}

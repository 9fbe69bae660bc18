/**
 * Loaded before the program (`node --import`): kills the process with SIGKILL at a named point, the n-th time that it is
 * reached, as the address says by which it is loaded: `crash-at.ts?POINT:N`. The points lie around everything that the bot
 * does to the world.
 */
import childProcess from "node:child_process";
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { SqliteDriver } from "kysely";

const [wanted, times] = new URL(import.meta.url).search.slice(1).split(":");
let left = Number(times);

type Point = `${"before" | "after"}-${"commit" | "submit" | "spawn" | "post" | "rename"}`;

function reach(point: Point): void {
  if (point !== wanted || --left !== 0) return;
  // Where jobs are started, the bot dies first.
  if (process.send) process.kill(process.ppid, "SIGKILL");
  process.kill(process.pid, "SIGKILL");
}

const { commitTransaction } = SqliteDriver.prototype;
SqliteDriver.prototype.commitTransaction = async function (connection) {
  reach("before-commit");
  await commitTransaction.call(this, connection);
  reach("after-commit");
};

const { spawn } = childProcess;
// Jobs are the children that get a process group of their own.
childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
  const isJob = args[2]?.detached === true;
  if (isJob) reach("before-spawn");
  const child = spawn(...args);
  if (isJob) reach("after-spawn");
  return child;
}) as typeof spawn;

const { writeSync, fdatasyncSync } = fs;
// Only the channel writes lines with an edition, and it makes them durable: a message is posted when both are done.
fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
  if (String(args[1]).includes('"edition"')) reach("before-post");
  return writeSync(...args);
}) as typeof writeSync;
fs.fdatasyncSync = (fd) => {
  fdatasyncSync(fd);
  reach("after-post");
};
const { rename } = promises;
// A checkout is put in its place: the only directory that is moved.
promises.rename = async (from, to) => {
  const isCheckout = String(to).includes("/checkouts/");
  if (isCheckout) reach("before-rename");
  await rename(from, to);
  if (isCheckout) reach("after-rename");
};
syncBuiltinESMExports();

if (wanted?.endsWith("-submit")) {
  const { StarterExecutor } = await import("../../src/adapters/executors/local/starter.ts");
  const { submit } = StarterExecutor.prototype;
  StarterExecutor.prototype.submit = async function (orders) {
    reach("before-submit");
    const receipts = await submit.call(this, orders);
    reach("after-submit");
    return receipts;
  };
}

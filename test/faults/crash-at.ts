/**
 * Loaded before the program (`node --import`): kills the process with SIGKILL at a named point, the n-th time that it is
 * reached, as the address says by which it is loaded: `crash-at.ts?POINT:N`. The points lie around everything that the bot
 * does to the world. By `crash-at.ts?told-by=FILE` a test says while the bot runs when it is to die (`toldBy`).
 */
import childProcess from "node:child_process";
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

type Point =
  | `${"before" | "after"}-${"commit" | "submit" | "spawn" | "post" | "rename"}`
  | `${"amid" | "after"}-git ${string}`;

const WRITES: readonly string[] = [
  ...["init", "fetch", "update-ref", "gc", "read-tree", "checkout-index"],
  ...["commit-tree", "merge-tree", "push"],
];
/** Also killed while it is at work, and then it goes on without the bot. */
const TAKES_TIME: readonly string[] = ["fetch", "checkout-index", "push"];

const address = new URL(import.meta.url);
const file = address.searchParams.get("told-by");
const [wanted, times] = address.search.slice(1).split(":");
const reach = file === null ? named(wanted, Number(times)) : toldBy(file);

function named(wanted: string | undefined, times: number): (point: Point) => void {
  let left = times;
  return (point) => {
    if (point === wanted && --left === 0) die();
  };
}

/**
 * The file has a label and a point with a number. From then on each thing that was just done to a disk is counted by its
 * name, noted beside the file, and is the last of this process where it is that one. Moments before something is done are
 * left out: whoever starts anew finds what there was after the thing before it.
 */
function toldBy(file: string): (point: Point) => void {
  const { appendFileSync, readFileSync } = fs;
  let under = "";
  const passed = new Map<string, number>();
  return (point) => {
    if (process.send || point.startsWith("before-") || point.endsWith("-spawn")) return;
    const told = readFileSync(file, "utf8");
    if (told === "") return;
    if (told !== under) passed.clear();
    under = told;
    const [label, wanted] = told.split("\t");
    const times = (passed.get(point) ?? 0) + 1;
    passed.set(point, times);
    appendFileSync(`${file}.points`, `${label}\t${point}:${times}\n`);
    if (`${point}:${times}` === wanted) die();
  };
}

function die(): void {
  // Where jobs are started, the bot dies first.
  if (process.send) process.kill(process.ppid, "SIGKILL");
  process.kill(process.pid, "SIGKILL");
}

// Where jobs are started there is no store.
if (!process.send) {
  const { SqliteDriver } = await import("kysely");
  const { commitTransaction } = SqliteDriver.prototype;
  SqliteDriver.prototype.commitTransaction = async function (connection) {
    reach("before-commit");
    await commitTransaction.call(this, connection);
    reach("after-commit");
  };
}

const { spawn } = childProcess;
// Jobs, and git, are the children that get a process group of their own.
childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
  const hasGroup = args[2]?.detached === true;
  const git = writingGit([args[0], ...args[1]]);
  if (hasGroup) reach("before-spawn");
  const child = spawn(...args);
  if (git !== undefined) {
    child.once("exit", () => reach(`after-git ${git}`));
    if (TAKES_TIME.includes(git)) reach(`amid-git ${git}`);
  }
  if (hasGroup) reach("after-spawn");
  return child;
}) as typeof spawn;

/** What git does to the disk, the clone's or the remote's, by the name of the command. */
function writingGit(words: readonly string[]): string | undefined {
  const rest = words.slice(words.indexOf("git") + 1);
  while (rest[0] === "-c") rest.splice(0, 2);
  return words.includes("git") && WRITES.includes(rest[0] ?? "") ? rest[0] : undefined;
}

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

/** The bot as whatever supervises it sees it: a process that gets signals and leaves an exit code. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { ask, startBot, temporary } from "./calops.ts";

type Bot = Awaited<ReturnType<typeof startBot>>;
type Task = { readonly state: string; readonly workflow: string; readonly jobs: { readonly running: number } };

const PATIENCE_MS = 10_000;

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

test("SIGTERM ends it with 0 and no job with it; the next start finds the job and its result", async () => {
  const { config, data, started, release } = ground();
  const bot = await start(config, data);
  await until(() => existsSync(started));
  const pid = Number(readFileSync(started, "utf8"));

  expect(await bot.stop()).toBe(0);
  expect(isAlive(pid)).toBe(true);
  expect(bot.errors()).not.toMatch(/"level":[45]0/);

  await start(config, data);
  expect(await ask<Task[]>(data, "tasks")).toMatchObject([{ state: "processing", jobs: { running: 1 } }]);
  expect(isAlive(pid)).toBe(true);
  release();
  await until(async () => (await ask<Task[]>(data, "tasks"))[0]?.state === "done");
  expect(readFileSync(started, "utf8")).toBe(`${pid}\n`);
});

test("SIGHUP takes what changed in the configuration, and with a mistake in it leaves everything as it is", async () => {
  const { config, data } = ground();
  const bot = await start(config, data);
  const workflows = async () => (await ask<{ workflow: string }[]>(data, "workflows")).map(({ workflow }) => workflow);
  expect(await workflows()).toEqual(["hello"]);

  writeWorkflow(config, "again", "run: [./job.sh]");
  bot.child.kill("SIGHUP");
  await until(async () => (await workflows()).length === 2);
  expect(await workflows()).toEqual(["again", "hello"]);

  writeWorkflow(config, "wrong", "rum: [./job.sh]");
  bot.child.kill("SIGHUP");
  await until(() => bot.output().includes("is not deployed"));
  expect(bot.output()).toContain('unknown key "rum"; write run');
  expect(await workflows()).toEqual(["again", "hello"]);
});

test("a second bot on the same data directory is told that there is one, and the first does not notice", async () => {
  const { config, data } = ground();
  const first = await start(config, data);
  await expect(start(config, data)).rejects.toThrow(
    /the bot ended with 1: calops: another calops is running on .*calops\.sqlite; stop it, or use another --data/,
  );
  expect((await fetch(new URL("/health", first.url))).status).toBe(200);
  expect(await ask<Task[]>(data, "tasks")).toHaveLength(1);
});

test("a port that is in use is told with what to do, and the data directory is free again", async () => {
  const other = ground();
  const { port } = new URL((await start(other.config, other.data)).url);
  const { config, data } = ground();
  await expect(start(config, data, "--port", port)).rejects.toThrow(
    `port ${port} on 127.0.0.1 is in use, perhaps by another calops; stop that one, or choose another with --port N`,
  );
  expect(existsSync(join(data, "bot.json"))).toBe(false);
  await start(config, data);
});

test("a store that a newer calops wrote is refused, with what to do", async () => {
  const { config, data } = ground();
  mkdirSync(data);
  const store = new Database(join(data, "calops.sqlite"));
  store.exec("create table schema_version (version integer primary key, migrated_at integer not null)");
  store.exec("insert into schema_version values (1000, 0)");
  store.close();
  await expect(start(config, data)).rejects.toThrow(
    /the bot ended with 1: calops: the store has version 1000 and this calops knows \d+; start the newer calops, or restore/,
  );
});

/** A configuration with one run, whose one job writes down its process and goes on until it is released. */
function ground() {
  const { directory, remove } = temporary();
  const [config, data] = [join(directory, "config"), join(directory, "data")];
  const [started, released] = [join(directory, "started"), join(directory, "released")];
  mkdirSync(config);
  writeFileSync(join(config, "runs.jsonl"), '{"number": 1}\n');
  writeFileSync(
    join(config, "calops.yaml"),
    "experiment: Service\nsources: { list: { replay: { file: runs.jsonl } } }\nexecutors: { local: { local: { slots: 1 } } }\n",
  );
  writeWorkflow(
    config,
    "hello",
    "run: [./job.sh]",
    `#!/bin/sh\necho $$ >> ${started}\nuntil [ -e ${released} ]; do sleep 0.05; done\n`,
  );
  const release = () => writeFileSync(released, "");
  // Even where a test failed, its job ends; the directory goes last.
  undo.push(async () => {
    release();
    if (existsSync(started)) await until(() => !isAlive(Number(readFileSync(started, "utf8").split("\n")[0])));
    remove();
  });
  return { config, data, started, release };
}

function writeWorkflow(config: string, name: string, task: string, job = "#!/bin/sh\n"): void {
  const directory = join(config, "workflows", name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "workflow.yaml"), `description: A test\nowner: nobody\ntasks:\n  work: { ${task} }\n`);
  writeFileSync(join(directory, "job.sh"), job, { mode: 0o755 });
}

async function start(config: string, data: string, ...more: string[]): Promise<Bot> {
  const bot = await startBot(["--config", config, "--data", data, ...more]);
  undo.push(() => bot.stop());
  return bot;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came to this: ${holds}`);
    await wait(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

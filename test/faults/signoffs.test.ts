/** A bot that is killed at any place where an approval has changed the disk: it is given once or not at all, and what follows is done once. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { Entry } from "../../src/adapters/chat/console/channel.ts";
import { readSqlite } from "../../src/adapters/store/sqlite.ts";
import { startBot, temporary } from "../whole/calops.ts";

const CRASH_AT = pathToFileURL(join(import.meta.dirname, "crash-at.ts"));
const PATIENCE_MS = 60_000;

test("an approval is there once or not at all, whenever the bot dies", async () => {
  const { directory, remove } = temporary();
  const ground = aGround(directory);
  let bot = await ground.start();
  const known = new Set<string>();
  const killed = new Set<string>();
  const left: string[] = [];
  let run = 0;
  // The first time nobody dies: the points are noted.
  do {
    run += 1;
    const point = left.shift();
    ground.take(run);
    await ground.until(async () => (await ground.stateOf("fit", run)) === "awaiting-signoff");
    await ground.until(async () => (await ground.unsent()) === 0);
    ground.tell(`run ${run}`, point);
    bot.type(`approve sign/fit@${run}`);
    await Promise.race([bot.ended, ground.done(run)]);
    ground.tellNothing();
    const passed = ground.passed(`run ${run}`);
    for (const one of passed) {
      if (!known.has(one)) left.push(one);
      known.add(one);
    }
    // It may die of the last thing that it does when all is done already.
    if (point !== undefined && passed.at(-1) === point) {
      expect(await bot.ended, bot.errors()).toBeNull();
      killed.add(point);
      const { state, votes } = await ground.signoffOf(run);
      expect([state, votes.length], point).toEqual(state === "asked" ? ["asked", 0] : ["approved", 1]);
      bot = await ground.start();
      if (state === "asked") bot.type(`approve sign/fit@${run}`);
      await ground.done(run);
    }
  } while (left.length > 0);
  await ground.until(async () => (await ground.unsent()) === 0);
  expect(await bot.stop(), bot.errors()).toBe(0);
  expect([...known]).toEqual(expect.arrayContaining(["after-commit:1", "after-post:1"]));
  expect(killed.size).toBeGreaterThan(2);
  await ground.expectOnce(run);
  remove();
});

function aGround(directory: string) {
  const [config, data, starts, runs, told] = ["config", "data", "starts", "runs.jsonl", "told"].map((name) =>
    join(directory, name),
  ) as [string, string, string, string, string];
  mkdirSync(join(config, "workflows/sign"), { recursive: true });
  for (const file of [starts, runs, told, `${told}.points`]) writeFileSync(file, "");
  writeFileSync(
    join(config, "calops.yaml"),
    `experiment: Faults\nsources: { list: { watch: { path: ${runs}, settle: 0s }, every: 1s } }\n`,
  );
  writeFileSync(
    join(config, "workflows/sign/workflow.yaml"),
    `description: Signed before it is used
owner: nobody
tasks:
  fit: { run: [./job.sh], signoff: { role: anybody } }
  use: { run: [./job.sh], needs: [fit] }
`,
  );
  writeFileSync(join(config, "workflows/sign/job.sh"), `#!/bin/sh\necho "$CALOPS_KEY" >> ${starts}\n`, { mode: 0o755 });

  const ask = async <T>(question: (queries: ReturnType<typeof readSqlite>["queries"]) => Promise<T>): Promise<T> => {
    const store = readSqlite(join(data, "calops.sqlite"));
    try {
      return await question(store.queries);
    } finally {
      store.close();
    }
  };
  const until = async (holds: () => Promise<boolean>) => {
    const end = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error("it does not come to that");
      await wait(50);
    }
  };
  const stateOf = (name: string, run: number) =>
    ask(async (queries) => (await queries.taskByName("production", "sign", name, String(run)))?.state);
  const signoffs = () => ask((queries) => queries.signoffPage({ limit: 1_000 }));
  return {
    until,
    stateOf,
    start: () =>
      startBot(["--config", config, "--data", data], {
        NODE_OPTIONS: `--import=${CRASH_AT}?told-by=${encodeURIComponent(told)}`,
      }),
    take: (run: number) => appendFileSync(runs, `${JSON.stringify({ run })}\n`),
    unsent: () => ask(async (queries) => (await queries.unsentMessages(100)).length),
    tell: (label: string, point: string | undefined) => writeFileSync(told, `${label}\t${point ?? "nowhere"}`),
    tellNothing: () => writeFileSync(told, ""),
    passed: (label: string) =>
      readFileSync(`${told}.points`, "utf8")
        .split("\n")
        .flatMap((line) => (line.startsWith(`${label}\t`) ? [line.slice(label.length + 1)] : [])),
    async done(run: number) {
      await until(async () => (await stateOf("use", run)) === "done" && (await this.unsent()) === 0);
    },
    async signoffOf(run: number) {
      const found = (await signoffs()).find(({ groupKey }) => groupKey === String(run));
      if (!found) throw new Error(`run ${run} has no sign-off`);
      return found;
    },
    async expectOnce(all: number) {
      const made = await signoffs();
      expect(made.map(({ state, votes }) => [state, votes.length])).toEqual(Array(all).fill(["approved", 1]));
      const keys = readFileSync(starts, "utf8").trim().split("\n");
      expect([keys.length, new Set(keys).size], "a job started twice").toEqual([2 * all, 2 * all]);
      for (const { id } of made) {
        const events = await ask((queries) => queries.history({ limit: 50, kind: "signoff", ref: String(id) }));
        expect(events.map(({ event }) => event)).toEqual(["approved", "asked"]);
      }
      const channel = join(data, "channel.jsonl");
      const entries = existsSync(channel)
        ? readFileSync(channel, "utf8")
            .split("\n")
            .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Entry]))
        : [];
      const editions = entries.map(({ key, edition }) => `${key} ${edition}`);
      expect(editions.length, "an edition was posted twice").toBe(new Set(editions).size);
      for (const { id } of made)
        expect(JSON.stringify(entries.findLast(({ key }) => key === `signoff ${id}`))).toContain(`"Signed: "`);
    },
  };
}

/**
 * A bot that dies at any place where a deployment has changed the disk: afterwards one consistent commit is live, with its
 * checkout, nothing that was to be done is forgotten, and everybody has been told once.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Entry } from "../../src/adapters/chat/console/channel.ts";
import { temporary } from "../whole/calops.ts";
import { aGround, type Ground, type Seen, STAGES, type Stage } from "./deployment-story.ts";

/** At once, each with a data directory of its own. */
const CHAINS = 4;
type Bot = Awaited<ReturnType<Ground["start"]>>;

test("a bot that is killed at any point of deployments, a rollback or an archiving goes on as if it had not been", async () => {
  const points = new Map(STAGES.map((stage) => [stage, new Points()]));
  await Promise.all(Array.from({ length: CHAINS }, () => killEverywhere(points)));
  for (const [{ name }, { certain, killed }] of points) {
    expect([...killed], name).toEqual(expect.arrayContaining([...certain]));
    expect(certain, name).toEqual(expect.arrayContaining(["after-commit:1", "after-commit:2"]));
  }
  const [deployed, , , rolledBack] = [...points.values()];
  // Of production, and of the mirror.
  const twice = ["after-git fetch", "after-git update-ref", "after-git read-tree", "after-rename"];
  expect(deployed?.certain).toEqual(expect.arrayContaining(twice.flatMap((point) => [`${point}:1`, `${point}:2`])));
  expect(rolledBack?.certain).toEqual(
    expect.arrayContaining(["after-git commit-tree:3", "amid-git push:1", "after-post:2"]),
  );
});

test("a bot that is killed at any point of its first deployment begins as if it had not been", async () => {
  const points = new Points();
  await Promise.all(Array.from({ length: CHAINS }, () => killFirst(points)));
  expect([...points.killed]).toEqual(expect.arrayContaining([...points.certain]));
  const made = ["after-git init", "after-git fetch", "after-git checkout-index", "after-rename", "after-commit"];
  expect(points.certain).toEqual(expect.arrayContaining(made.map((point) => `${point}:1`)));
});

/** What is done to the disk in a stage, as it becomes known, by what it is and how often that was done: each is died after once. */
class Points {
  readonly killed = new Set<string>();
  readonly #known = new Set<string>();
  readonly #left: string[] = [];
  #undisturbed: readonly string[] | undefined;

  /** What was done whenever nobody died: a commit more or less is a matter of what happens to come together. */
  get certain(): readonly string[] {
    return this.#undisturbed ?? [];
  }

  get areLeft(): boolean {
    return this.#left.length > 0;
  }

  next(): string | undefined {
    return this.#left.shift();
  }

  /** @param died where it died, of what it passed */
  note(passed: readonly string[], died: string | undefined): void {
    for (const point of passed) if (!this.#known.has(point)) this.#left.push(point);
    for (const point of passed) this.#known.add(point);
    if (died !== undefined) this.killed.add(died);
    else this.#undisturbed = (this.#undisturbed ?? passed).filter((point) => passed.includes(point));
  }
}

/** One story after another, and in each stage of each the bot dies once, until there is no point left that nobody has died at. */
async function killEverywhere(points: ReadonlyMap<Stage, Points>): Promise<void> {
  const { directory, remove } = temporary();
  const ground = aGround(directory);
  ground.pushGood(0);
  ground.deleteBranch(0);
  let bot = await ground.start();
  await ground.until((seen) => seen.unsent === 0 && seen.tasks.some((task) => task.state === "done"));
  // The first time nobody dies: the points are noted.
  for (let edition = 1; edition === 1 || [...points.values()].some((one) => one.areLeft); edition++) {
    for (const [stage, of] of points) {
      const label = `${stage.name} ${edition}`;
      const point = edition === 1 ? undefined : of.next();
      ground.tell(label, point);
      stage.begin?.(ground, edition);
      await play(ground, bot, stage, edition);
      ground.tellNothing();
      const passed = ground.passed(label);
      const died = passed.at(-1) === point ? point : undefined;
      of.note(passed, died);
      if (died !== undefined) bot = await bringBack(ground, bot, stage, edition);
      expectWhole(ground, await ground.look());
    }
    await expectToldOnce(ground, edition);
  }
  expect(await bot.stop(), bot.errors()).toBe(0);
  remove();
}

/** Until it is over, or the bot is dead. */
async function play(ground: Ground, bot: Bot, stage: Stage, edition: number): Promise<void> {
  let dead = false;
  void bot.ended.then(() => {
    dead = true;
  });
  const say = stage.say?.(ground.edition(edition));
  if (say === undefined) bot.child.kill("SIGHUP");
  else give(bot, say);
  await ground.until(
    (seen) => stage.reached(seen, ground.edition(edition)),
    () => dead,
  );
}

/** Types a line, and the yes that it is asked for. */
function give(bot: Bot, line: string): void {
  const before = bot.output().length;
  bot.type(line);
  const look = setInterval(() => {
    const id = /: confirm (\w+)\. No:/.exec(bot.output().slice(before))?.[1];
    if (id === undefined) return;
    clearInterval(look);
    bot.type(`confirm ${id}`);
  }, 10);
  void bot.ended.then(() => clearInterval(look));
}

/** Killed as it is, and after the next start. */
async function bringBack(ground: Ground, dead: Bot, stage: Stage, edition: number): Promise<Bot> {
  expect(await dead.ended, dead.errors()).toBeNull();
  const told = ground.edition(edition);
  const left = await ground.look();
  expectWhole(ground, left);
  const bot = await ground.start();
  // Whoever had asked for something looks whether the bot had understood it, and says it again where it had not.
  if (left && stage.isHeard?.(left, told) === false) give(bot, stage.say?.(told) ?? "");
  await ground.until((seen) => stage.reached(seen, told));
  return bot;
}

/** Of each environment one commit is live or none, by one deployment, and its files are there; no other deployment is half done. */
function expectWhole({ data, contents }: Ground, seen: Seen | undefined): void {
  for (const { name, commit, archivedAt } of seen?.environments ?? []) {
    const deployments = seen?.deployments.filter((one) => one.environment === name) ?? [];
    const live = deployments.filter((one) => one.state === "deployed").map((one) => one.commit);
    if (archivedAt === null) expect(live, name).toEqual(commit === null ? [] : [commit]);
    if (commit !== null && archivedAt === null)
      expect(filesIn(join(data, "checkouts", commit))).toEqual(contents.get(commit));
    const halfDone = deployments.filter(
      (one) =>
        (one.state === "deployed" && (one.plan === null || one.tookMs === null || one.endedAt === null)) ||
        (one.state === "requested" && one.plan !== null) ||
        one.state === "failed",
    );
    expect(halfDone, name).toEqual([]);
    const forgotten = deployments.filter(
      ({ id, state }) =>
        state === "requested" && !seen?.errands.some((one) => one.kind === "deploy" && one.ref === String(id)),
    );
    expect(forgotten, name).toEqual([]);
  }
}

/** Each deployment of a story was made once and told once, and so were the branch that takes one back and the end of the mirror. */
async function expectToldOnce(ground: Ground, edition: number): Promise<void> {
  const { good, bad, tried, mirror } = ground.edition(edition);
  const seen = await ground.look();
  const made = seen?.deployments.filter((one) => [good, bad, tried].includes(one.commit)) ?? [];
  expect(made.map((one) => `${one.environment} ${one.kind} ${one.state} ${nameOf(one.commit)}`).sort()).toEqual(
    [
      `production deploy superseded ${nameOf(good)}`,
      `production deploy rolled-back ${nameOf(bad)}`,
      `production rollback deployed ${nameOf(good)}`,
      `${mirror} deploy deployed ${nameOf(tried)}`,
    ].sort(),
  );
  const entries = entriesIn(ground.data);
  const editions = entries.map((one) => `${one.key} ${one.edition}`);
  expect(editions.length, "an edition was posted twice").toBe(new Set(editions).size);
  for (const { id, kind } of made) {
    const told = (key: string) => entries.filter((one) => one.key === key);
    expect(JSON.stringify(told(`deployment ${id}`).at(-1))).toContain("Deployment request for environment");
    expect(told(`deployment ${id} done`)).toHaveLength(1);
    expect(told(`revert ${id}`)).toHaveLength(kind === "rollback" ? 1 : 0);
  }
  expect(entries.filter((one) => one.key.startsWith(`archived ${mirror} `))).toHaveLength(1);
  expect(seen?.tasks.filter((task) => task.environment === mirror)).toHaveLength(1);
  expect(ground.bare.git("rev-parse", `refs/heads/calops/revert-${bad.slice(0, 8)}^{tree}`)).toBe(
    ground.bare.git("rev-parse", `${good}^{tree}`),
  );
  // Nothing else is left, and nothing half made; the mirror's checkout goes with what is tidied up every hour.
  const left = readdirSync(join(ground.data, "checkouts"));
  expect(left).toContain(good);
  expect([good, tried]).toEqual(expect.arrayContaining(left));
  expect(existsSync(join(ground.data, "jobs", mirror))).toBe(false);
}

const nameOf = (commit: string) => commit.slice(0, 8);

/** A new data directory for each point: what is made once is made at a first start. */
async function killFirst(points: Points): Promise<void> {
  for (let round = 0; round === 0 || points.areLeft; round++) {
    const { directory, remove } = temporary();
    const ground = aGround(directory);
    ground.pushGood(0);
    ground.deleteBranch(0);
    const { good } = ground.edition(0);
    const deployed = (seen: Seen) =>
      seen.unsent === 0 && seen.environments[0]?.commit === good && seen.tasks[0]?.state === "done";
    const point = round === 0 ? undefined : points.next();
    ground.tell("first", point);
    const bot = await ground.start().catch(() => undefined);
    let dead = bot === undefined;
    void bot?.ended.then(() => {
      dead = true;
    });
    await ground.until(deployed, () => dead);
    ground.tellNothing();
    const passed = ground.passed("first");
    const died = passed.at(-1) === point ? point : undefined;
    points.note(passed, died);
    if (died !== undefined) await bot?.ended;
    expectWhole(ground, await ground.look());
    const next = died === undefined && bot ? bot : await ground.start();
    await ground.until(deployed);
    const seen = await ground.look();
    expectWhole(ground, seen);
    expect(seen?.deployments.map((one) => `${one.commit} ${one.state}`)).toEqual([`${good} deployed`]);
    expect(readdirSync(join(ground.data, "checkouts"))).toEqual([good]);
    const told = entriesIn(ground.data).map((one) => `${one.key} ${one.edition}`);
    expect(told.length, "an edition was posted twice").toBe(new Set(told).size);
    expect(told).toEqual(
      expect.arrayContaining(["deployment 1 2", "deployment 1 against nothing 1", "deployment 1 done 1"]),
    );
    expect(await next.stop(), next.errors()).toBe(0);
    remove();
  }
}

function filesIn(directory: string): Record<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(directory.length + 1), readFileSync(path, "utf8")];
    }),
  );
}

function entriesIn(data: string): Entry[] {
  const lines = readFileSync(join(data, "channel.jsonl"), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Entry);
}

/** Whatever is typed: no line makes the bot stumble, and none runs what help does not show to the one who typed it. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/index.ts";
import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import { wordsOfForm } from "../../src/core/chat/form.ts";
import { type Actor, done } from "../../src/core/command/command.ts";
import { lineOf, wordsOf } from "../../src/core/command/parse.ts";
import { commandDesk } from "../../src/engine/talk/command-desk.ts";
import type { CommandRecord } from "../../src/ports/operations.ts";
import { aSeason, type Season } from "./a-season.ts";
import { linesOf } from "./any-lines.ts";
import { PLACES, type PlaceName, ROWS, standing } from "./written-rights.ts";

const LINES = 100_000;
const SEED = 20_261_124;
const ACTORS = ROWS.flatMap((row) => (Object.keys(PLACES) as PlaceName[]).map((place) => standing(row, place)));

/** What help shows them, as it is shown. */
async function shownTo(actor: Actor): Promise<Set<string>> {
  const help = COMMANDS.find((command) => command.name === "help");
  const answer = await help?.run({}, { commands: COMMANDS, actor } as never);
  const [table] = answer?.say ?? [];
  const rows = table?.kind === "table" ? table.rows.map((row) => row.map(String)) : [];
  // A family of commands has one row: `release-hold ...`, and `show, extend: help release-hold tells more.`
  return new Set(
    rows.flatMap(([name = "", told = ""]) =>
      name.endsWith(" ...")
        ? (told.split(":")[0] ?? "").split(", ").map((second) => name.replace("...", second))
        : [name],
    ),
  );
}

test(`of ${LINES} lines none is stumbled over, none runs what help does not show, and each is in the history`, async () => {
  let ran = "";
  const remembered: CommandRecord[] = [];
  const troubles: string[] = [];
  const desk = commandDesk({
    commands: COMMANDS.map(({ preview: _, ...command }) => ({
      ...command,
      run: async () => {
        ran = command.name;
        return done([], null);
      },
    })),
    contextFor: () => undefined,
    knows: async (environment) => environment === "production" || environment === "mirror/fit",
    remember: async (record) => void remembered.push(record),
    now: () => 0,
    log: { info: () => {}, warn: () => {}, error: (facts) => troubles.push(JSON.stringify(facts)) },
  });
  const shown = new Map<Actor, Set<string>>();
  for (const actor of ACTORS) shown.set(actor, await shownTo(actor));

  const lines = linesOf(COMMANDS, SEED);
  const runs = new Map<string, number>();
  for (let count = 0; count < LINES; count++) {
    const line = lines.next();
    const actor = lines.pick(ACTORS);
    ran = "";
    try {
      const words = wordsOf(line);
      const answer = await desk.answer(words, actor);
      if (ran !== "" && !shown.get(actor)?.has(ran)) troubles.push(`${actor.id} ran ${line}`);
      if (ran !== "" && !answer.ok) troubles.push(`${line} ran, and was refused`);
      if (ran === "" && answer.say.length === 0) troubles.push(`${line} is answered by nothing`);
      if (answer.form) {
        const command = COMMANDS.find((one) => one.name === answer.form?.command);
        if (!command) troubles.push(`${line} opens a form of nothing`);
        else wordsOfForm(command, answer.form.given, { [`arg_${line.slice(0, 9)}`]: line });
      }
      if (count % 50 === 0) {
        renderBlocks(answer.say, { width: 80, now: 0 });
        desk.complete(line);
        if (lineOf(wordsOf(lineOf(words))) !== lineOf(words))
          troubles.push(`${line} is not the same once written down`);
      }
    } catch (error) {
      troubles.push(`${line}: ${(error as Error).stack}`);
    }
    if (remembered.length !== count + 1) throw new Error(`${line} is not in the history`);
    runs.set(ran, (runs.get(ran) ?? 0) + 1);
  }
  expect(troubles.slice(0, 10)).toEqual([]);
  // Lines that get nowhere would show nothing.
  for (const { name } of COMMANDS) expect([name, (runs.get(name) ?? 0) > 10]).toEqual([name, true]);
  expect(new Set(remembered.map(({ outcome }) => outcome))).toEqual(new Set(["done", "not allowed", "not understood"]));
}, 60_000);

describe("where commands do what they do", () => {
  let season: Season;
  beforeAll(async () => {
    season = await aSeason();
  });
  afterAll(() => season.harness.stop());

  /** Everything that is kept, but for what was typed and who asked for a code. */
  function everything(): Record<string, unknown[]> {
    const db = new Database(join(season.harness.root, "calops.sqlite"), { readonly: true });
    try {
      const tables = db.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[];
      const kept = tables.filter((table) => !["link_codes", "history", "sqlite_sequence"].includes(table));
      const history = db.prepare("select * from history where kind not in ('command', 'person') order by seq").all();
      return {
        history,
        ...Object.fromEntries(kept.map((table) => [table, db.prepare(`select * from ${table} order by 1, 2`).all()])),
      };
    } finally {
      db.close();
    }
  }

  async function giveAny(actors: readonly Actor[], count: number, seed: number): Promise<string[]> {
    const lines = linesOf(COMMANDS, seed);
    const troubles: string[] = [];
    for (let left = count; left > 0; left--) {
      const line = lines.next();
      const { ok, say } = await season.harness.bot.desk.answer(wordsOf(line), lines.pick(actors));
      const text = renderBlocks(say, { width: 200, now: 0 });
      if (!ok && /failed inside calops/.test(text)) troubles.push(`${line}: ${text}`);
    }
    await season.harness.settle();
    return troubles;
  }

  test("people whom nobody knows change nothing, whatever they type", async () => {
    const strangers = ACTORS.filter((actor) => actor.unknown);
    const before = everything();
    expect(await giveAny(strangers, 2_000, SEED)).toEqual([]);
    expect(season.harness.faults).toEqual([]);
    expect(everything()).toEqual(before);
  });

  test("somebody whose role is for one workflow changes that alone", async () => {
    const rights = {
      t0: { commands: { upTo: "expert" as const }, workflows: ["t0"], environments: undefined, channels: undefined },
    };
    const jun: Actor = {
      id: "jun",
      roles: ["t0"],
      owner: false,
      via: "slack",
      rights: { roles: rights, unknown: { commands: "none", channels: undefined }, holders: {} },
    };
    expect(await giveAny([jun], 1_500, SEED + 1)).toEqual([]);
    const { queries } = season.harness.store;
    const changed = (await queries.history({ limit: 10_000 })).filter(
      (entry) => entry.by === "jun" && entry.kind !== "command" && entry.kind !== "person",
    );
    const workflows = await Promise.all(
      changed.map(async ({ kind, ref }) => {
        if (kind === "task") return (await queries.tasks([Number(ref)]))[0]?.workflow;
        if (kind === "alert") return (await queries.alertsById([Number(ref)]))[0]?.workflow;
        const silence = kind === "silence" ? await queries.silence(Number(ref)) : undefined;
        return silence?.matchers.find(({ what }) => what === "workflow")?.value ?? `${kind} ${ref}`;
      }),
    );
    expect([...new Set(workflows)].filter((one) => one !== "t0" && one !== "workflow production/t0")).toEqual([]);
    expect(workflows.length).toBeGreaterThan(0);
  });
});

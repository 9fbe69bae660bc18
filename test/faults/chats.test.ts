/**
 * A bot that dies at any moment between a person's word in a chat and its answer: the word is done once, and answered once. The
 * chat is a stand-in for Slack that outlives it, and brings again what was not acknowledged, as Slack does.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { readSqlite } from "../../src/adapters/store/sqlite.ts";
import { APP_TOKEN, BOT_TOKEN, FakeSlack } from "../fakes/fake-slack.ts";
import type { Shown } from "../fakes/slack/shown.ts";
import { startBot, temporary } from "../whole/calops.ts";

const CRASH_AT = pathToFileURL(join(import.meta.dirname, "crash-at.ts"));
const PATIENCE_MS = 60_000;
/** Of what Slack is asked, those by which people see something. */
const SHOWING = ["chat.postMessage"];
const RUNS = 4;

type Death = { readonly at: string } | { readonly whenSlackHas: string } | undefined;

test("what is asked for in a chat is done once and answered once, wherever the bot dies", async () => {
  const ground = await aGround();
  let bot = await ground.start();
  // Nobody dies the first time, so that the points are known.
  const points = await ground.says(bot, 0, undefined);
  expect(points).toEqual(expect.arrayContaining(["after-commit:1", "after-commit:2", "after-commit:3"]));
  const deaths: Death[] = [...points.map((at) => ({ at })), ...SHOWING.map((whenSlackHas) => ({ whenSlackHas }))];
  for (const [index, death] of deaths.entries()) {
    await ground.says(bot, index + 1, death);
    if (await hasEnded(bot)) bot = await ground.start();
    await ground.isAnswered(index + 1);
  }
  expect(await bot.stop(), bot.errors()).toBe(0);
  await ground.close();
});

test("what is said yes to by a button is done once, and its card ends as everything does, wherever the bot dies", async () => {
  const ground = await aGround();
  let bot = await ground.start();
  await ground.takesRuns();
  const points = await ground.presses(bot, 0, undefined);
  const some = points.filter((_, index) => index % Math.ceil(points.length / 8) === 0);
  const deaths: Death[] = [
    ...["after-commit:1", "after-commit:2", "after-commit:3", ...some].map((at) => ({ at })),
    { whenSlackHas: "chat.postMessage" },
    { whenSlackHas: "chat.update" },
  ];
  for (const [index, death] of deaths.entries()) {
    await ground.presses(bot, index + 1, death);
    if (await hasEnded(bot)) bot = await ground.start();
    await ground.isMadeAnew(index + 1);
  }
  expect(await bot.stop(), bot.errors()).toBe(0);
  await ground.close();
});

async function hasEnded(bot: Awaited<ReturnType<typeof startBot>>): Promise<boolean> {
  return await Promise.race([bot.ended.then(() => true), wait(3_000).then(() => false)]);
}

async function aGround() {
  const { directory, remove } = temporary();
  const [data = "", told = "", config = "", runs = ""] = ["data", "told", "config", "runs.jsonl"].map((name) =>
    join(directory, name),
  );
  const slack = await FakeSlack.open({ clock: systemClock() });
  slack.workspace.makeChannel("timing");
  slack.workspace.makeChannel("runs");
  const ann = slack.workspace.user("ann");
  writeFileSync(told, "");
  writeFileSync(runs, "");
  mkdirSync(join(config, "workflows/t0"), { recursive: true });
  const files = {
    "calops.yaml": `experiment: Faults\nchats: { slack: { bot-token: { secret: BOT }, app-token: { secret: APP }, api: "${slack.api}" } }
sources: { list: { watch: { path: ${runs}, settle: 0s }, every: 1s } }
cards: { channel: "#runs" }
`,
    "people.yaml": `people: { ann: { name: Ann, roles: [expert], accounts: { slack: ${ann} } } }\n`,
    "workflows/t0/workflow.yaml":
      'description: T0\nowner: ann\nchannel: "#timing"\ntasks: { calibrate: { run: ["true"] } }\n',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(config, path), text);
  const line = (edition: number) => (edition % 2 === 0 ? `pause t0 because of ${edition}` : "resume t0");
  const answers = (): Shown[] => slack.shown("#timing", "ann").filter(({ text }) => text.startsWith("ann: "));
  const until = async (holds: () => boolean | Promise<boolean>, what: string) => {
    for (const end = Date.now() + PATIENCE_MS; !(await holds()); await wait(50))
      if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(slack.shown("#timing", "ann").slice(-4))}`);
  };
  const historyOf = async (): Promise<string[]> => {
    const store = readSqlite(join(data, "calops.sqlite"));
    const entries = await store.queries.history({ limit: 1_000, kind: "workflow" });
    store.close();
    return entries.map(({ event, why }) => `${event} ${why ?? ""}`.trim()).reverse();
  };
  const attempts = async (): Promise<string[]> => {
    const store = readSqlite(join(data, "calops.sqlite"));
    const tasks = await store.queries.taskPage({ limit: 100 });
    store.close();
    return tasks.map(({ attempt, state }) => `${attempt} ${state}`);
  };
  const allDone = (attempt: number) => Array.from({ length: RUNS }, () => `${attempt} done`);
  /** What the bot does to the disk from here on, until it holds or the bot is dead of it. */
  const under = async (
    bot: Awaited<ReturnType<typeof startBot>>,
    label: string,
    death: Death,
    act: () => Promise<unknown>,
    holds: () => boolean | Promise<boolean>,
  ): Promise<string[]> => {
    if (death && "whenSlackHas" in death) slack.after(death.whenSlackHas, () => bot.child.kill("SIGKILL"));
    writeFileSync(told, `${label}\t${death && "at" in death ? death.at : ""}`);
    act().catch(() => {});
    const done = until(holds, `${label} is not answered`);
    await (death ? Promise.race([bot.ended, done]) : done);
    done.catch(() => {});
    // What is noted of the answer comes just after it.
    await wait(200);
    writeFileSync(told, "");
    slack.after(undefined);
    return passedUnder(told, label);
  };
  return {
    async start() {
      const bot = await startBot(["--config", config, "--data", data], {
        NODE_OPTIONS: `--import=${CRASH_AT}?told-by=${encodeURIComponent(told)}`,
        BOT: BOT_TOKEN,
        APP: APP_TOKEN,
      });
      return bot;
    },
    /** Ann says something, and the bot may die of it. @returns what it did to the disk until it had answered */
    async says(bot: Awaited<ReturnType<typeof startBot>>, edition: number, death: Death): Promise<string[]> {
      await slack.connected();
      const before = answers().length;
      const typing = () => slack.types(`/cal ${line(edition)}`, { channel: "#timing", user: "ann" });
      return await under(bot, `edition ${edition}`, death, typing, () => answers().length > before);
    },
    async takesRuns() {
      writeFileSync(
        runs,
        Array.from({ length: RUNS }, (_, index) => `${JSON.stringify({ run: index + 1 })}\n`).join(""),
      );
      await until(async () => String(await attempts()) === String(allDone(1)), "the runs are not done");
    },
    /** Ann says yes to what she is shown. */
    async presses(bot: Awaited<ReturnType<typeof startBot>>, edition: number, death: Death): Promise<string[]> {
      await slack.connected();
      const shown = () => slack.shown("#timing", "ann").filter(({ buttons }) => buttons.includes("Reprocess"));
      const before = shown().length;
      await slack.types("/cal reprocess --workflow t0", { channel: "#timing", user: "ann" });
      await until(() => shown().length > before, "nothing is shown to say yes to");
      const pressing = () => slack.presses(shown().at(-1)?.id ?? "", "Reprocess", "ann");
      const done = async () => answers().length > edition && String(await attempts()) === String(allDone(edition + 2));
      return await under(bot, `press ${edition}`, death, pressing, done);
    },
    async isMadeAnew(edition: number) {
      const made = async () => String(await attempts()) === String(allDone(edition + 2));
      await until(made, `edition ${edition} is not made anew`);
      await until(() => answers().length >= edition + 1, `edition ${edition} is not answered`);
      const cards = () => slack.shown("#runs", "ann").filter(({ thread }) => thread === null);
      await until(
        () => cards().length >= RUNS && cards().every(({ text }) => /1 of 1 done/.test(text)),
        "a card is not as its tasks are",
      );
      expect(cards()).toHaveLength(RUNS);
      expect(answers()).toHaveLength(edition + 1);
    },
    /** Once in the channel, and once in the history. */
    async isAnswered(edition: number) {
      await until(() => answers().length >= edition + 1, `edition ${edition} is not answered`);
      await wait(300);
      expect(answers().map(({ text }) => text.split("\n")[0])).toEqual(
        Array.from({ length: edition + 1 }, (_, one) => `ann: ${line(one)}`),
      );
      expect(await historyOf()).toEqual(
        Array.from({ length: edition + 1 }, (_, one) => (one % 2 === 0 ? `paused because of ${one}` : "resumed")),
      );
    },
    async close() {
      await slack.close();
      remove();
      expect(slack.complaints).toEqual([]);
    },
  };
}

function passedUnder(told: string, label: string): string[] {
  const lines = readFileSync(`${told}.points`, "utf8").split("\n");
  return lines.filter((line) => line.startsWith(`${label}\t`)).map((line) => line.slice(label.length + 1));
}

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
const PATIENCE_MS = 20_000;
/** Of what Slack is asked, those by which people see something. */
const SHOWING = ["chat.postMessage"];

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

async function hasEnded(bot: Awaited<ReturnType<typeof startBot>>): Promise<boolean> {
  return await Promise.race([bot.ended.then(() => true), wait(3_000).then(() => false)]);
}

async function aGround() {
  const { directory, remove } = temporary();
  const [data, told, config] = ["data", "told", "config"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const slack = await FakeSlack.open({ clock: systemClock() });
  slack.workspace.makeChannel("timing");
  const ann = slack.workspace.user("ann");
  writeFileSync(told, "");
  mkdirSync(join(config, "workflows/t0"), { recursive: true });
  const files = {
    "calops.yaml": `experiment: Faults\nchats: { slack: { bot-token: { secret: BOT }, app-token: { secret: APP }, api: "${slack.api}" } }\n`,
    "people.yaml": `people: { ann: { name: Ann, roles: [shifter], accounts: { slack: ${ann} } } }\n`,
    "workflows/t0/workflow.yaml":
      'description: T0\nowner: ann\nchannel: "#timing"\ntasks: { calibrate: { run: ["true"] } }\n',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(config, path), text);
  const line = (edition: number) => (edition % 2 === 0 ? `pause t0 because of ${edition}` : "resume t0");
  const answers = (): Shown[] => slack.shown("#timing", "ann").filter(({ text }) => text.startsWith("ann: "));
  const until = async (holds: () => boolean | Promise<boolean>, what: string) => {
    for (const end = Date.now() + PATIENCE_MS; !(await holds()); await wait(50))
      if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(answers())}`);
  };
  const historyOf = async (): Promise<string[]> => {
    const store = readSqlite(join(data, "calops.sqlite"));
    const entries = await store.queries.history({ limit: 1_000, kind: "workflow" });
    store.close();
    return entries.map(({ event, why }) => `${event} ${why ?? ""}`.trim()).reverse();
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
      const label = `edition ${edition}`;
      if (death && "whenSlackHas" in death) slack.after(death.whenSlackHas, () => bot.child.kill("SIGKILL"));
      writeFileSync(told, `${label}\t${death && "at" in death ? death.at : ""}`);
      const typed = slack.types(`/cal ${line(edition)}`, { channel: "#timing", user: "ann" });
      typed.catch(() => {});
      if (death) await Promise.race([bot.ended, until(() => answers().length > before, `${label} is not answered`)]);
      else await until(() => answers().length > before, `${label} is not answered`);
      // What is noted of the answer comes just after it.
      await wait(200);
      writeFileSync(told, "");
      slack.after(undefined);
      return passedUnder(told, label);
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

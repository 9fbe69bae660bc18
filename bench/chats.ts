/**
 * Commands given in Slack while the bot is at work, and failures by the thousand. The stand-in for Slack and the people are in a
 * thread of their own: what is measured is from the moment at which a command leaves Slack until it is acknowledged, and until its
 * answer is there.
 */
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { slackOptions } from "../src/adapters/chat/slack/config.ts";
import { openSlack } from "../src/adapters/chat/slack/slack.ts";
import { APP_TOKEN, BOT_TOKEN } from "../test/fakes/fake-slack.ts";
import { benchBot } from "./bench-bot.ts";
import { median, percentile, print, round } from "./figure.ts";
import { silent } from "./in-process.ts";
import type { Asked, Posted } from "./slack-people.ts";

const PEOPLE = 200;
const COMMANDS = 1_000;
const MINUTE_MS = 60_000;
const FAILURES = 10_000;

/** @param root with the stored season */
export async function chats(root: string, stored: number): Promise<void> {
  const people = new Worker(new URL("./slack-people.ts", import.meta.url));
  const ask = async <T>(what: unknown): Promise<T> => {
    people.postMessage(what);
    return (await once(people, "message"))[0] as T;
  };
  const api = await ask<string>({ kind: "open" });
  const secrets: Readonly<Record<string, string>> = { BOT: BOT_TOKEN, APP: APP_TOKEN };
  const options = slackOptions.parse({ "bot-token": { secret: "BOT" }, "app-token": { secret: "APP" }, api });
  const bench = await benchBot(root, silent, join(root, "config"), (parts) =>
    openSlack(options, { ...parts, secret: (name) => secrets[name] ?? "" }),
  );
  await bench.quiet();
  await busyMinute(bench, ask, stored);
  await manyFailures(bench, ask);
  await bench.stop();
  const complaints = await ask<string[]>({ kind: "close" });
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}

type Bench = Awaited<ReturnType<typeof benchBot>>;
type Ask = <T>(what: unknown) => Promise<T>;

async function busyMinute(bench: Bench, ask: Ask, stored: number): Promise<void> {
  let working = true;
  // A run of many jobs each second: the engine is never idle.
  const season = (async () => {
    for (let run = 9_500_000; working; run++) {
      await bench.take([{ number: run, type: "bench", jobs: 400 }]);
      await wait(1_000);
    }
  })();
  const { acknowledged, answered } = await ask<Asked>({
    kind: "ask",
    commands: COMMANDS,
    people: PEOPLE,
    withinMs: MINUTE_MS,
  });
  working = false;
  await season;
  print({
    figure: "acknowledgement of a command in Slack",
    value: round(Math.max(...acknowledged)),
    unit: "ms at most",
    promised: "under 1000",
    detail: {
      median: round(median(acknowledged)),
      p99: round(percentile(acknowledged, 99)),
      commands: COMMANDS,
      people: PEOPLE,
    },
  });
  print({
    figure: "answer of a reading command in Slack",
    value: round(percentile(answered, 99)),
    unit: "ms p99",
    promised: "under 200",
    detail: { median: round(median(answered)), most: round(Math.max(...answered)), jobsStored: stored },
  });
  await bench.quiet(20);
}

/** Of ten workflows, each in its own way, in three channels. */
async function manyFailures(bench: Bench, ask: Ask): Promise<void> {
  const began = performance.now();
  const runs = Array.from({ length: FAILURES }, (_, index) => ({
    number: 9_600_000 + index,
    type: "failing",
    jobs: 1,
  }));
  for (let first = 0; first < FAILURES; first += 500) {
    await bench.take(runs.slice(first, first + 500));
    await wait(Math.max(0, began + (first * MINUTE_MS) / FAILURES - performance.now()));
  }
  await bench.quiet(50);
  const seconds = (performance.now() - began) / 1_000;
  const firing = await bench.store.queries.firingAlerts();
  const told = firing.reduce((sum, alert) => sum + alert.count, 0);
  if (told !== FAILURES) throw new Error(`only ${told} of ${FAILURES} failures are told of`);
  const { messages, calls, shortestPauseMs } = await ask<Posted>({ kind: "posted", key: "alert" });
  print({
    figure: "failures in a burst",
    value: messages,
    unit: "messages",
    promised: `at most one an incident; ${firing.length} incidents`,
    detail: {
      failures: FAILURES,
      seconds: round(seconds),
      calls,
      shortestPauseOfAChannelMs: round(shortestPauseMs),
    },
  });
}

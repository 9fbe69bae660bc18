/**
 * Commands given in a chat while the bot is at work, and failures by the thousand. The chat is one in this process, so that what
 * is measured is calops: from the moment at which a request has come until it may be acknowledged, and until its answer leaves.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Chat, ChatDesk, Delivery } from "../src/ports/chat.ts";
import { benchBot, type Room } from "./bench-bot.ts";
import { median, percentile, print, round } from "./figure.ts";
import { silent } from "./in-process.ts";

const PEOPLE = 200;
const COMMANDS = 1_000;
const MINUTE_MS = 60_000;
const FAILURES = 10_000;

/** Takes everything at once, and remembers when. */
class TimedChat implements Chat {
  readonly name = "room";
  readonly paceMs = 1_000;
  desk: ChatDesk | undefined;
  readonly answered = new Map<string, number>();
  readonly delivered: { readonly channel: string; readonly key: string; readonly at: number }[] = [];

  nameOf(channel: string): string {
    return channel;
  }

  async deliver({ channel, key }: Delivery): Promise<{ remoteRef: string }> {
    this.delivered.push({ channel, key, at: performance.now() });
    return { remoteRef: key };
  }

  async answer({ key }: { key: string }): Promise<void> {
    this.answered.set(key, performance.now());
  }

  async openForm(): Promise<boolean> {
    return true;
  }

  async examine(): Promise<[]> {
    return [];
  }

  async close(): Promise<void> {}
}

const LINES = ["status", "runs", "tasks", "tasks --state failed", "workflows", "history", "stale", "help"];

/** @param root with the stored season */
export async function chats(root: string, stored: number): Promise<void> {
  const room = new TimedChat();
  const open = { chat: room, opened: (desk: ChatDesk) => (room.desk = desk) } satisfies Room;
  const bench = await benchBot(root, silent, join(root, "config"), open);
  await bench.quiet();
  await busyMinute(bench, room, stored);
  await manyFailures(bench, room);
  await bench.stop();
}

type Bench = Awaited<ReturnType<typeof benchBot>>;

async function busyMinute(bench: Bench, room: TimedChat, stored: number): Promise<void> {
  const acknowledged: number[] = [];
  const asked = new Map<string, number>();
  const under: Promise<void>[] = [];
  let working = true;
  // A run of many jobs each second: the engine is never idle.
  const season = (async () => {
    for (let run = 9_500_000; working; run++) {
      await bench.take([{ number: run, type: "bench", jobs: 400 }]);
      await wait(1_000);
    }
  })();
  const began = performance.now();
  for (let n = 0; n < COMMANDS; n++) {
    const due = began + (n * MINUTE_MS) / COMMANDS;
    await wait(Math.max(0, due - performance.now()));
    const key = `bench ${n}`;
    const person = `U${n % PEOPLE}`;
    const start = performance.now();
    asked.set(key, start);
    under.push(
      (room.desk as ChatDesk)
        .take({
          key,
          account: { chat: "room", id: person, name: person },
          place: { channel: "C1", thread: null, direct: false, remote: "" },
          asking: { kind: "line", line: LINES[n % LINES.length] ?? "status" },
        })
        .then(() => void acknowledged.push(performance.now() - start)),
    );
  }
  await Promise.all(under);
  while (room.answered.size < COMMANDS) await wait(20);
  working = false;
  await season;
  const answers = [...room.answered].map(([key, at]) => at - (asked.get(key) ?? at));
  print({
    figure: "acknowledgement of a command in a chat",
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
    figure: "answer of a reading command in a chat",
    value: round(percentile(answers, 99)),
    unit: "ms p99",
    promised: "under 200",
    detail: { median: round(median(answers)), most: round(Math.max(...answers)), jobsStored: stored },
  });
  await bench.quiet(20);
}

/** Ten workflows' worth of failures of a few kinds, as fast as they come. */
async function manyFailures(bench: Bench, room: TimedChat): Promise<void> {
  room.delivered.length = 0;
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
  const perChannel = Map.groupBy(room.delivered, ({ channel }) => channel);
  const closest = Math.min(
    ...[...perChannel.values()].flatMap((calls) =>
      calls.slice(1).map((call, index) => call.at - (calls[index]?.at ?? 0)),
    ),
  );
  const messages = new Set(room.delivered.filter(({ key }) => key.startsWith("alert")).map(({ key }) => key)).size;
  print({
    figure: "failures in a burst",
    value: messages,
    unit: "messages",
    promised: `at most one an incident; ${firing.length} incidents`,
    detail: {
      failures: FAILURES,
      seconds: round(seconds),
      calls: room.delivered.length,
      closestCallsOfAChannelMs: round(closest),
    },
  });
}

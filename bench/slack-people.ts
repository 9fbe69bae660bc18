/** A stand-in for Slack, and the people who type there, in a thread of their own. It does what it is told by messages. */
import { setTimeout as wait } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { systemClock } from "../src/adapters/clock/system-clock.ts";
import { FakeSlack } from "../test/fakes/fake-slack.ts";

const CHANNELS = ["timing", "failing-0", "failing-1", "failing-2"];
const LINES = ["status", "runs", "tasks", "tasks --state failed", "workflows", "history", "stale", "help"];

/** Milliseconds, one a command. */
export type Asked = { readonly acknowledged: readonly number[]; readonly answered: readonly number[] };
export type Posted = { readonly messages: number; readonly calls: number; readonly shortestPauseMs: number };

type Wish =
  | { readonly kind: "open" | "close" }
  | { readonly kind: "posted"; readonly key: string }
  | { readonly kind: "ask"; readonly commands: number; readonly people: number; readonly withinMs: number };

const slack = await FakeSlack.open({ clock: systemClock() });
for (const name of CHANNELS) slack.workspace.makeChannel(name);

parentPort?.on("message", (wish: Wish) => void grant(wish).then((answer) => parentPort?.postMessage(answer)));

async function grant(wish: Wish): Promise<unknown> {
  switch (wish.kind) {
    case "open":
      return slack.api;
    case "ask":
      return await ask(wish.commands, wish.people, wish.withinMs);
    case "posted":
      return posted(wish.key);
    case "close":
      await slack.close();
      setImmediate(() => parentPort?.close());
      return slack.complaints;
  }
}

async function ask(commands: number, people: number, withinMs: number): Promise<Asked> {
  await slack.connected();
  const acknowledged: number[] = [];
  const answered: number[] = [];
  const asked = new Map<string, number[]>();
  const under: Promise<void>[] = [];
  slack.after("response_url", (account = "") => {
    const start = asked.get(account)?.shift();
    if (start !== undefined) answered.push(performance.now() - start);
  });
  const began = performance.now();
  for (let n = 0; n < commands; n++) {
    await wait(Math.max(0, began + (n * withinMs) / commands - performance.now()));
    const user = `U${n % people}`;
    const start = performance.now();
    asked.set(user, [...(asked.get(user) ?? []), start]);
    const typed = slack.types(`/cal ${LINES[n % LINES.length]}`, { channel: "#timing", user });
    under.push(typed.then(() => void acknowledged.push(performance.now() - start)));
  }
  await Promise.all(under);
  while (answered.length < commands) await wait(20);
  slack.after(undefined);
  return { acknowledged, answered };
}

function posted(key: string): Posted {
  const calls = slack.calls.filter(({ method }) => method === "chat.postMessage" || method === "chat.update");
  const pauses = [...Map.groupBy(calls, ({ args }) => args["channel"]).values()].flatMap((of) =>
    of.slice(1).map((call, index) => call.at - (of[index]?.at ?? 0)),
  );
  const messages = calls.filter(
    ({ method, args }) => method === "chat.postMessage" && String(args["metadata"]).includes(`"key":"${key} `),
  );
  return { messages: messages.length, calls: calls.length, shortestPauseMs: Math.min(...pauses) };
}

/** The adapter, put to a stand-in for Slack. */
import { slackOptions } from "../../../../src/adapters/chat/slack/config.ts";
import { type OpenedSlack, openSlack } from "../../../../src/adapters/chat/slack/slack.ts";
import type { Block, Button } from "../../../../src/core/say.ts";
import type { ChatParts, Incoming } from "../../../../src/ports/chat.ts";
import { APP_TOKEN, BOT_TOKEN, FakeSlack, type FakeSlackOptions, SIGNING_SECRET } from "../../../fakes/fake-slack.ts";
import { type HandClock, handClock } from "../../../fakes/hand-clock.ts";

export type Ground = {
  readonly slack: FakeSlack;
  readonly chat: OpenedSlack;
  readonly clock: HandClock;
  readonly taken: Incoming[];
  readonly logged: string[];
  /** What the desk says instead of taking anything. */
  refusing: readonly Block[] | undefined;
  /** Before anything is taken. */
  before: () => Promise<void>;
  close(): Promise<void>;
};

export type GroundOptions = FakeSlackOptions & {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly channels?: readonly string[];
};

export const SECRETS = { BOT: BOT_TOKEN, APP: APP_TOKEN, SIGNING: SIGNING_SECRET };

export function sealOf({ words }: Button): string {
  return `seal.${Buffer.from(words.join(" ")).toString("base64url")}`;
}

/** @param http by signed requests rather than by sockets */
export async function aSlack(options: GroundOptions = {}): Promise<Ground> {
  const clock = handClock();
  const slack = await FakeSlack.open({ clock, ...options });
  slack.workspace.makeChannel("timing");
  const ground = { slack, clock, taken: [] as Incoming[], logged: [] as string[] } as unknown as Ground;
  ground.before = async () => {};
  const parts = partsOf(ground, options.secrets ?? SECRETS);
  const chat = openSlack(
    slackOptions.parse({
      "bot-token": { secret: "BOT" },
      ...(options.requestUrl ? { "signing-secret": { secret: "SIGNING" } } : { "app-token": { secret: "APP" } }),
      api: slack.api,
    }),
    parts,
    () => options.channels ?? [],
  );
  if (!options.requestUrl) await slack.connected();
  return Object.assign(ground, {
    chat,
    async close() {
      await chat.close();
      await slack.close();
    },
  });
}

export function partsOf(ground: Ground, secrets: Readonly<Record<string, string>>): ChatParts {
  const tell = (facts: Readonly<Record<string, unknown>>, message: string) =>
    void ground.logged.push(`${message} ${JSON.stringify(facts)}`);
  return {
    desk: {
      async take(incoming) {
        await ground.before();
        if (ground.refusing) return { taken: false, say: ground.refusing };
        if (!ground.taken.some((one) => one.key === incoming.key)) ground.taken.push(incoming);
        return { taken: true };
      },
      seal: sealOf,
    },
    secret(name) {
      const value = secrets[name];
      if (value === undefined) throw new Error(`the secret ${name} is not set`);
      return value;
    },
    clock: ground.clock,
    log: { info: tell, warn: tell, error: tell },
    url: () => "https://calops.example.org",
    wholeUrl: (key) => `https://calops.example.org/whole/${encodeURIComponent(key)}`,
    chance: () => 0.5,
  };
}

/** The adapter, put to a stand-in for a Mattermost server, behind a web server as the bot's own is. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { vi } from "vitest";
import { mattermostOptions } from "../../../../src/adapters/chat/mattermost/config.ts";
import { type Mattermost, openMattermost, type Patience } from "../../../../src/adapters/chat/mattermost/mattermost.ts";
import type { Block, Button } from "../../../../src/core/say.ts";
import type { ChatParts, Incoming } from "../../../../src/ports/chat.ts";
import { aMattermost, type FakeMattermost } from "../../../fakes/fake-mattermost.ts";
import { type HandClock, handClock } from "../../../fakes/hand-clock.ts";

export type Ground = {
  readonly server: FakeMattermost;
  readonly chat: Mattermost;
  readonly clock: HandClock;
  readonly taken: Incoming[];
  readonly logged: string[];
  /** Where the bot listens. */
  readonly bot: string;
  /** What the desk says instead of taking anything. */
  refusing: readonly Block[] | undefined;
  /** Before anything is taken. */
  before: (incoming: Incoming) => Promise<void>;
  /** It is connected, and its command is registered. */
  connected(): Promise<void>;
  close(): Promise<void>;
};

export type GroundOptions = {
  /** That the configuration posts to. */
  readonly channels?: readonly string[];
  /** What is different about the server, before the bot knows it. */
  readonly server?: (server: FakeMattermost) => void;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Under which the server reaches the bot; where it listens where it is undefined. */
  readonly url?: string | null;
};

/** No test waits for long. */
export const PATIENCE: Patience = { reconnect: { least: 5, most: 10, jitter: 1 }, firstRetry: 10, hold: 40 };

export function sealOf({ words }: Button): string {
  return `seal.${Buffer.from(words.join(" ")).toString("base64url")}`;
}

export async function aBot({
  server: change,
  options,
  secrets,
  url,
  channels = [],
}: GroundOptions = {}): Promise<Ground> {
  const clock = handClock();
  const server = await aMattermost(clock);
  change?.(server);
  const web = await aWebServer();
  const ground = {
    server,
    clock,
    taken: [],
    logged: [],
    bot: web.origin,
    refusing: undefined,
    before: async () => {},
  } as unknown as Ground;
  const given: Readonly<Record<string, string>> = { MATTERMOST_TOKEN: server.botToken, ...secrets };
  const chat = openMattermost(
    mattermostOptions.parse({ url: server.origin, token: { secret: "MATTERMOST_TOKEN" }, team: "na62", ...options }),
    partsOf(ground, given, url === undefined ? web.origin : url),
    () => channels,
    PATIENCE,
  );
  web.listener = chat.listen;
  return Object.assign(ground, {
    chat,
    connected: () => untilConnected(server),
    async close() {
      await chat.close();
      await web.close();
      await server.close();
    },
  });
}

export async function untilConnected(server: FakeMattermost): Promise<void> {
  await vi.waitFor(
    () => {
      if (server.sockets.connected() === 0 || server.world.commands.length === 0) throw new Error("not connected yet");
    },
    { interval: 2, timeout: 5_000 },
  );
}

/** Hands everything to the chat, as the bot's own server does. */
export async function aWebServer() {
  const web = { listener: undefined as Mattermost["listen"] | undefined };
  const http = createServer((request, response) => web.listener?.(request, response));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return Object.assign(web, {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async close() {
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  });
}

function partsOf(ground: Ground, secrets: Readonly<Record<string, string>>, url: string | null): ChatParts {
  const tell = (facts: Readonly<Record<string, unknown>>, message: string) =>
    void ground.logged.push(`${message} ${JSON.stringify(facts)}`);
  return {
    desk: {
      async take(incoming) {
        await ground.before(incoming);
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
    url: () => url,
    wholeUrl: (key) => `https://calops.example.org/whole/${encodeURIComponent(key)}`,
    chance: () => 0.5,
  };
}

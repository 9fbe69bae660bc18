/**
 * Socket Mode: sockets that the bot opens, so that Slack needs no way to reach it. Two, since Slack closes each now and then,
 * and what it has to bring then goes by the other. They are opened again by us, not by Slack's package: that one gives up on
 * some failures by a rejection that nobody can catch, which ends the process.
 */
import { SocketModeReceiver, type webApi } from "@slack/bolt";
import type { ChatParts } from "../../../ports/chat.ts";
import { chatErrorOf } from "./failure.ts";
import type { SlackLogger } from "./logger.ts";

const SOCKETS = 2;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const SHORT_LIVED_MS = 10_000;
/** Whoever waits for a socket to close waits no longer. */
const CLOSE_MS = 2_000;

export type SocketParts = Pick<ChatParts, "log" | "chance"> & {
  readonly appToken: string;
  readonly logger: SlackLogger;
  readonly clientOptions: webApi.WebClientOptions;
};

export type Sockets = {
  readonly receivers: readonly SocketModeReceiver[];
  /** How many are open. */
  readonly open: () => number;
  start(): void;
  close(): Promise<void>;
};

export function openSockets({ appToken, logger, clientOptions, log, chance }: SocketParts): Sockets {
  const receivers = Array.from(
    { length: SOCKETS },
    () =>
      new SocketModeReceiver({
        appToken,
        logger,
        autoReconnectEnabled: false,
        installerOptions: { clientOptions },
        processEventErrorHandler: async ({ error }) => {
          log.error({ error: error.stack }, "what Slack brought could not be handled; it brings it again");
          return false;
        },
      }),
  );
  const stop = Promise.withResolvers<void>();
  let stopped = false;
  let connected = 0;

  const keep = async ({ client }: SocketModeReceiver): Promise<void> => {
    let failures = 0;
    while (!stopped) {
      const began = performance.now();
      const closed = Promise.withResolvers<void>();
      client.once("disconnected", closed.resolve);
      try {
        await client.start();
        connected += 1;
        if (stopped) void client.disconnect();
        await closed.promise;
        connected -= 1;
        // One that Slack closes as soon as it is open is no better than none.
        failures = performance.now() - began < SHORT_LIVED_MS ? failures + 1 : 0;
      } catch (error) {
        failures += 1;
        const said = chatErrorOf(error, "open a socket").message;
        log.warn({ error: said, failures }, "Slack was not reached; it is tried again");
      } finally {
        client.off("disconnected", closed.resolve);
      }
      if (failures > 1 && !stopped) {
        const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 2));
        await Promise.race([stop.promise, pause(wait * (0.5 + chance() / 2))]);
      }
    }
  };

  let kept: Promise<unknown> = Promise.resolve();
  return {
    receivers,
    open: () => connected,
    start() {
      kept = Promise.all(receivers.map(keep));
    },
    async close() {
      stopped = true;
      stop.resolve();
      for (const { client } of receivers) void client.disconnect();
      await Promise.race([kept, pause(CLOSE_MS)]);
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

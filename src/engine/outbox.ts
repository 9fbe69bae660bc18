/**
 * Sends the messages that were committed: in order within a channel, the newest edition of each, at least once, and under a
 * key by which the chat makes that exactly once. One channel that is slow or away does not delay another.
 */
import type { Message } from "../core/message.ts";
import type { Redact } from "../core/text/redact.ts";
import { type Chat, ChatError } from "../ports/chat.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Queries } from "../ports/queries.ts";
import type { Engine } from "./engine.ts";

export type OutboxParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: () => Redact;
};

const AT_ONCE = 200;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export class Outbox {
  readonly #parts: OutboxParts;
  readonly #sending = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  get resting(): boolean {
    return this.#sending.size === 0 && this.#looking === undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.allSettled([...this.#sending.values(), this.#looking]);
  }

  nudge(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error) => this.#parts.log.error({ error: (error as Error).stack }, "messages could not be looked up"))
      .finally(() => {
        this.#looking = undefined;
        if (this.#again) {
          this.#again = false;
          this.nudge();
        }
      });
  }

  async #look(): Promise<void> {
    const unsent = await this.#parts.queries.unsentMessages(AT_ONCE);
    const now = this.#parts.clock.now();
    for (const channel of new Set(unsent.map((message) => message.channel))) {
      if (this.#sending.has(channel)) continue;
      const due = unsent.filter((message) => message.channel === channel && message.dueAt <= now);
      if (due.length === 0) continue;
      const sending = this.#sendAll(due).finally(() => {
        this.#sending.delete(channel);
        this.nudge();
      });
      this.#sending.set(channel, sending);
    }
    const later = unsent.map((message) => message.dueAt).filter((at) => at > now);
    clearTimeout(this.#timer);
    if (later.length > 0 && !this.#stopped)
      this.#timer = setTimeout(() => this.nudge(), Math.max(20, Math.min(...later) - now));
  }

  async #sendAll(messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      if (this.#stopped || !(await this.#send(message))) return;
    }
  }

  /** @returns whether the channel takes more */
  async #send(message: Message): Promise<boolean> {
    const { chat, engine, log } = this.#parts;
    try {
      const { remoteRef } = await chat.deliver({ ...message, blocks: redacted(message, this.#parts.redact()) });
      await engine.do("sent", async (ledger) => {
        const now = await ledger.ask((loads) => loads.message(message.key));
        if (now)
          ledger.put("messages", {
            ...now,
            sentEdition: Math.max(now.sentEdition, message.edition),
            remoteRef,
            failures: 0,
          });
      });
      return true;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      log.warn({ channel: message.channel, error: error.message }, "a message did not get through; it is sent again");
      const wait = error.retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** message.failures);
      await engine.do("not sent", async (ledger) => {
        const now = await ledger.ask((loads) => loads.message(message.key));
        if (now) ledger.put("messages", { ...now, failures: now.failures + 1, dueAt: ledger.now + wait });
      });
      return false;
    }
  }
}

/** No secret leaves in a message, whoever wrote it into a log. */
function redacted(message: Message, redact: Redact): Message["blocks"] {
  return JSON.parse(JSON.stringify(message.blocks), (_, value: unknown) =>
    typeof value === "string" ? redact(value) : value,
  ) as Message["blocks"];
}

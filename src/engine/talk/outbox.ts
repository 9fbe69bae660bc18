/**
 * Sends the messages that were committed: in order within a channel, the newest edition of each, at least once, and under a
 * key by which the chat makes that exactly once. A channel that is slow, away or over its limit delays no other.
 */
import { catchUp, catchUpWords } from "../../core/chat/catch-up.ts";
import { inOrder } from "../../core/chat/in-order.ts";
import { type Message, newMessage, picturesInWords } from "../../core/message.ts";
import { type Redact, redactedBlocks } from "../../core/text/redact.ts";
import type { Instant } from "../../core/time.ts";
import { type Chat, ChatError } from "../../ports/chat.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Queries } from "../../ports/queries.ts";
import { StoreUnavailable } from "../../ports/store.ts";
import type { Engine } from "../engine.ts";

export type OutboxParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly chats: { of(name: string): Chat | undefined };
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: () => Redact;
  /** From 0 to 1. */
  readonly chance: () => number;
};

/** Messages of one channel that are looked at together. */
const EACH = 200;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** A channel, as far as it is more than its messages. */
type Lane = {
  sending: Promise<void> | undefined;
  notBefore: Instant;
  failures: number;
  /** Why it did not take the last message. */
  trouble: string | undefined;
  /** It took the last message. What has piled up is told together only then: nothing is added to what is on its way. */
  answers: boolean;
};

export class Outbox {
  readonly #parts: OutboxParts;
  readonly #lanes = new Map<string, Lane>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  get resting(): boolean {
    return this.#looking === undefined && [...this.#lanes.values()].every((lane) => lane.sending === undefined);
  }

  /** Something is to be sent before a moment, as far as it is known now. */
  async hasDueBy(moment: Instant): Promise<boolean> {
    const first = await this.#parts.queries.unsentMessages(1);
    return first.some((one) => Math.max(one.dueAt, this.#lane(this.#laneOf(one)).notBefore) <= moment);
  }

  /** Why channels of a chat do not take what is sent there, where they do not. */
  troublesOf(chat: string): readonly string[] {
    const lanes = [...this.#lanes].filter(([name]) => name.startsWith(`${chat} `));
    return [...new Set(lanes.flatMap(([, { trouble }]) => trouble ?? []))];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.allSettled([...[...this.#lanes.values()].map((lane) => lane.sending), this.#looking]);
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
        if (!this.#again) return;
        this.#again = false;
        this.nudge();
      });
  }

  async #look(): Promise<void> {
    const unsent = await this.#parts.queries.unsentMessages(EACH);
    const now = this.#parts.clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [name, messages] of Map.groupBy(unsent, (one) => this.#laneOf(one))) {
      const chat = this.#parts.chats.of(messages[0]?.chat ?? "");
      const lane = this.#lane(name);
      // While its first message looks for it, a channel still goes by another name.
      const before = messages.flatMap((one) => this.#lanes.get(`${one.chat} ${one.channel}`) ?? []);
      if (!chat || [lane, ...before].some(({ sending }) => sending)) continue;
      lane.notBefore = Math.max(lane.notBefore, ...before.map(({ notBefore }) => notBefore));
      const inLine = inOrder(messages);
      const due = inLine.filter(({ dueAt }) => dueAt <= now).map(({ message }) => message);
      const soonest = inLine[0]?.dueAt ?? now;
      if (due.length > 0 && lane.notBefore <= now)
        lane.sending = this.#send(chat, lane, due)
          .catch((error) => this.#parts.log.error({ error: (error as Error).stack }, "a message could not be sent"))
          .finally(() => {
            lane.sending = undefined;
            this.nudge();
          });
      else next = Math.min(next, Math.max(soonest, lane.notBefore));
    }
    clearTimeout(this.#timer);
    if (next < Number.POSITIVE_INFINITY && !this.#stopped)
      this.#timer = setTimeout(() => this.nudge(), Math.max(20, next - now));
  }

  #laneOf({ chat, channel }: Message): string {
    return `${chat} ${this.#parts.chats.of(chat)?.nameOf(channel) ?? channel}`;
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name) ?? {
      sending: undefined,
      notBefore: 0,
      failures: 0,
      trouble: undefined,
      answers: false,
    };
    this.#lanes.set(name, lane);
    return lane;
  }

  /** The first of those that are due, or what stands for many of them. */
  async #send(chat: Chat, lane: Lane, due: readonly Message[]): Promise<void> {
    const { together } = catchUp(due, this.#parts.clock.now());
    if (lane.answers && together.length > 0) return await this.#roundUp(together);
    for (const message of due) {
      await this.#sendOne(chat, lane, message);
      // What is left is looked at anew where the channel has just answered again.
      if (this.#stopped || lane.notBefore > this.#parts.clock.now() || together.length > 0) return;
    }
  }

  async #sendOne(chat: Chat, lane: Lane, message: Message): Promise<void> {
    const { engine, clock, log } = this.#parts;
    try {
      const unsure = message.sending;
      if (message.remoteRef === null && !unsure) await this.#mark(message, { sending: true });
      lane.notBefore = clock.now() + chat.paceMs;
      const { remoteRef } = await chat.deliver({
        ...message,
        blocks: redactedBlocks(message.blocks, this.#parts.redact()),
        thread: await this.#threadOf(message),
        unsure,
      });
      lane.failures = 0;
      lane.trouble = undefined;
      lane.answers = true;
      // From its end: however long it took, the server sees them so far apart.
      lane.notBefore = clock.now() + chat.paceMs;
      // The chat may know only now which channel that is.
      const named = this.#lane(this.#laneOf(message));
      named.notBefore = Math.max(named.notBefore, lane.notBefore);
      await this.#mark(message, { sentEdition: message.edition, remoteRef, sending: false });
    } catch (error) {
      // What was stored stays to be sent.
      if (error instanceof StoreUnavailable) lane.notBefore = clock.now() + FIRST_WAIT_MS;
      else if (!(error instanceof ChatError)) throw error;
      else if (error.hopeless) {
        log.error(
          { channel: message.channel, key: message.key, error: error.message },
          "the chat does not take a message",
        );
        await this.#mark(message, { sentEdition: message.edition, sending: false });
      } else {
        lane.failures += 1;
        lane.trouble = error.message;
        lane.answers = false;
        log.warn({ channel: message.channel, error: error.message }, "a message did not get through; it is sent again");
        const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (lane.failures - 1));
        lane.notBefore = clock.now() + (error.retryAfterMs ?? longest * (0.5 + this.#parts.chance() / 2));
        // A server that names a time has certainly not taken it.
        await engine.do("not sent", async (ledger) => {
          const now = await ledger.ask((loads) => loads.message(message.key, message.chat));
          const sending = error.retryAfterMs === undefined && message.remoteRef === null;
          if (now) ledger.put("messages", { ...now, sending });
        });
      }
    }
  }

  async #mark(message: Message, change: Partial<Message>): Promise<void> {
    await this.#parts.engine.do("sent", async (ledger) => {
      const now = await ledger.ask((loads) => loads.message(message.key, message.chat));
      if (!now) return;
      const sentEdition = Math.max(now.sentEdition, change.sentEdition ?? 0);
      // What a chat has in whole is kept here in words: pictures would be most of the store.
      const blocks = sentEdition >= now.edition ? picturesInWords(now.blocks) : now.blocks;
      ledger.put("messages", { ...now, ...change, sentEdition, blocks });
    });
  }

  async #roundUp(together: readonly Message[]): Promise<void> {
    const [first] = together;
    if (!first) return;
    const { chat, channel } = first;
    await this.#parts.engine.do("catch up", async (ledger) => {
      const newest = await Promise.all(together.map(({ key }) => ledger.ask((loads) => loads.message(key, chat))));
      const open = newest.filter((one) => one !== undefined && one.sentEdition === 0).map((one) => one as Message);
      const blocks = catchUpWords(open);
      const summary = newMessage({ key: `caught up ${first.key}`, chat, channel, blocks, over: true }, first.createdAt);
      ledger.put("posts", summary);
      for (const one of open) ledger.put("messages", { ...one, sentEdition: one.edition, sending: false });
    });
  }

  async #threadOf({ thread, chat }: Message): Promise<string | null> {
    if (thread === null) return null;
    if ("ref" in thread) return thread.ref;
    const [parent] = (await this.#parts.queries.messages(thread.under)).filter((one) => one.chat === chat);
    return parent?.remoteRef ?? null;
  }
}

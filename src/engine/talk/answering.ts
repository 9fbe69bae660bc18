/**
 * What people ask for in chats: it is written down, acknowledged, done and answered, in this order, so that whatever was
 * acknowledged is answered, and done once. What one account asks is answered in its order; accounts do not wait for each other.
 */

import { type Account, type ChatAnswer, type ChatRequest, newRequest, type Place } from "../../core/chat/request.ts";
import { askedWords, recoveredWords, tooOldWords } from "../../core/chat/words.ts";
import type { Actor, Given } from "../../core/command/command.ts";
import { lineOf } from "../../core/command/parse.ts";
import { type Button, code, say } from "../../core/say.ts";
import { type Redact, redactedBlocks } from "../../core/text/redact.ts";
import { type Chat, type ChatDesk, ChatError, type Incoming } from "../../ports/chat.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CommandDesk } from "../../ports/command-desk.ts";
import type { Log } from "../../ports/log.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Seal } from "../../ports/seal.ts";
import { type AskedBy, askedBy } from "../asked-by.ts";
import type { Engine } from "../engine.ts";
import { Stopping } from "../stopping.ts";
import { sealedButton, sealedForm, staleness, understand } from "./understanding.ts";

export type AnsweringParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly chats: { of(name: string): Chat | undefined };
  readonly desk: () => CommandDesk;
  readonly actorOf: (account: Account, place: Place) => Promise<Actor>;
  readonly seal: Seal;
  readonly redact: () => Redact;
  readonly clock: Clock;
  readonly log: Log;
};

/** What was asked so long ago is not done any more: whoever asked has turned to something else. */
const TOO_OLD_MS = 60 * 60_000;
const TAKEN_UP = 500;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
export class Answering implements ChatDesk {
  readonly #parts: AnsweringParts;
  /** What is being answered, the last of each account. */
  readonly #lines = new Map<string, Promise<void>>();
  readonly #waiting = new Set<NodeJS.Timeout>();
  /** Keys of the requests that this bot has taken up: what comes while it starts is on disk, too. */
  readonly #inHand = new Set<string>();
  #stopped = false;

  constructor(parts: AnsweringParts) {
    this.#parts = parts;
  }

  get resting(): boolean {
    return this.#lines.size === 0 && this.#waiting.size === 0;
  }

  /** Answers what another bot had taken and not answered. */
  async takeUp(): Promise<void> {
    for (const { key } of await this.#parts.queries.openRequests(TAKEN_UP)) {
      if (this.#inHand.has(key)) continue;
      const request = await this.#parts.queries.request(key);
      if (request && request.state !== "answered" && !this.#inHand.has(key)) this.#queue(request);
    }
  }

  async take(incoming: Incoming): ReturnType<ChatDesk["take"]> {
    const { engine } = this.#parts;
    const { why } = engine.stall;
    if (why !== undefined)
      return {
        taken: false,
        say: [say`Nothing can be written at the moment, so nothing was taken: ${why}. Ask again in a minute.`],
      };
    const known = this.#inHand.has(incoming.key);
    this.#inHand.add(incoming.key);
    const request = await engine.do("asked", async (ledger) => {
      if (await ledger.ask((loads) => loads.request(incoming.key))) return undefined;
      const asked = newRequest(incoming, ledger.now);
      ledger.put("requests", asked);
      return asked;
    });
    if (request) this.#queue(request);
    else if (!known) this.#inHand.delete(incoming.key);
    return { taken: true };
  }

  seal(button: Button): string {
    return sealedButton(button, this.#parts.seal);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    await Promise.allSettled(this.#lines.values());
  }

  #queue(request: ChatRequest): void {
    if (this.#stopped) return;
    this.#inHand.add(request.key);
    const name = `${request.account.chat} ${request.account.id}`;
    const line = (this.#lines.get(name) ?? Promise.resolve())
      .then(() => (this.#stopped ? undefined : this.#handle(request)))
      .catch((error) => {
        if (!(error instanceof Stopping))
          this.#parts.log.error(
            { request: request.key, error: (error as Error).stack },
            "a request could not be answered",
          );
      })
      .finally(() => {
        if (this.#lines.get(name) === line) this.#lines.delete(name);
      });
    this.#lines.set(name, line);
  }

  async #handle(request: ChatRequest): Promise<void> {
    const answer = request.answer ?? (await this.#answerTo(request));
    if (answer === undefined) return await this.#finish(request, null);
    if (answer.to === "channel" && request.place.channel !== null) return await this.#tellChannel(request, answer);
    await this.#tellAsker(request, answer);
  }

  /** Undefined where there is nothing to say: a form stands before the asker. */
  async #answerTo(request: ChatRequest): Promise<ChatAnswer | undefined> {
    const { account, place, at, key } = request;
    const { clock, desk, queries } = this.#parts;
    const understood = understand(request.asking, this.#parts);
    if ("say" in understood) return { to: "asker", blocks: understood.say };
    const { words } = understood;
    const actor = await this.#parts.actorOf(account, place);
    const line = lineOf(words);
    if (request.state === "begun") {
      const since = await queries.history({ limit: 50, since: at, without: "command" });
      const done = since.filter((entry) => entry.by === actor.id).reverse();
      return { to: "channel", blocks: [askedWords(actor.id, line), ...recoveredWords(line, done)] };
    }
    if (clock.now() - at > TOO_OLD_MS) return { to: "asker", blocks: tooOldWords(line, at, clock.now()) };
    const stale = understood.while && (await staleness(understood.while, queries));
    if (stale) return { to: "asker", blocks: stale };
    const asker: AskedBy = { request: key, begun: false };
    const given = await askedBy(asker, () => desk().answer(words, actor, key));
    if (given.form && (await this.#openForm(request, given))) return undefined;
    const shown = given.json && given.data !== null ? [code(JSON.stringify(given.data, null, 1))] : given.say;
    const answer: ChatAnswer = {
      to: given.to,
      blocks: given.to === "channel" ? [askedWords(actor.id, line), ...shown] : shown,
    };
    // What has been done is answered by this, and by nothing that is made anew, whenever that is.
    if (asker.begun && answer.to === "asker") await this.#keep(request, { state: "ready", answer });
    return answer;
  }

  async #openForm({ account, place }: ChatRequest, { form }: Given): Promise<boolean> {
    if (!form) return false;
    const chat = this.#parts.chats.of(account.chat);
    try {
      return (await chat?.openForm(place, form, sealedForm(form, this.#parts.seal))) ?? false;
    } catch (error) {
      if (error instanceof ChatError) return false;
      throw error;
    }
  }

  /** It goes the way of all messages, and is there once whatever happens. */
  async #tellChannel(request: ChatRequest, answer: ChatAnswer): Promise<void> {
    const { key, account, place } = request;
    await this.#parts.engine.do("answer", async (ledger) => {
      ledger.post(`answer ${key}`, `${account.chat}:=${place.channel}`, answer.blocks, {
        thread: place.thread === null ? null : { ref: place.thread },
        place,
        over: true,
      });
      ledger.put("requests", { ...request, state: "answered", answer: null });
    });
    this.#inHand.delete(key);
  }

  async #tellAsker(request: ChatRequest, answer: ChatAnswer): Promise<void> {
    const { key, account, place } = request;
    try {
      const chat = this.#parts.chats.of(account.chat);
      if (!chat) throw new ChatError(`${account.chat} is not open`);
      await chat.answer({ key, account, place, blocks: redactedBlocks(answer.blocks, this.#parts.redact()) });
      await this.#finish(request, answer);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      const { log, clock } = this.#parts;
      log.warn({ chat: account.chat, error: error.message }, "an answer did not get through");
      if (error.hopeless || clock.now() - request.at > TOO_OLD_MS) return await this.#finish(request, answer);
      const failures = request.failures + 1;
      const wait = error.retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** request.failures);
      const later = await this.#keep(request, { state: "ready", answer, failures });
      this.#later(later, wait);
    }
  }

  /** The account's other requests do not wait for it. */
  #later(request: ChatRequest, waitMs: number): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#queue(request);
    }, waitMs);
    this.#waiting.add(timer);
  }

  async #finish(request: ChatRequest, answer: ChatAnswer | null): Promise<void> {
    await this.#keep(request, { state: "answered", answer });
  }

  async #keep(request: ChatRequest, change: Partial<ChatRequest>): Promise<ChatRequest> {
    const next = { ...request, ...change };
    if (next.state === "answered") this.#inHand.delete(request.key);
    await this.#parts.engine.do("answered", async (ledger) => ledger.put("requests", next));
    return next;
  }
}

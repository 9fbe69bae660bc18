/** What people see and say, put together: the chats, the messages that go there, what is asked there, and who asks. */
import type { Config } from "../../core/config/config.ts";
import type { Digest } from "../../core/job/key.ts";
import { redactor } from "../../core/text/redact.ts";
import type { Instant } from "../../core/time.ts";
import type { Chat, ChatDesk } from "../../ports/chat.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CommandDesk } from "../../ports/command-desk.ts";
import type { Linking } from "../../ports/linking.ts";
import type { Log } from "../../ports/log.ts";
import type { Condition, Confirmations } from "../../ports/operations.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Seal } from "../../ports/seal.ts";
import type { Engine } from "../engine.ts";
import type { RulesInForce } from "../environments/rules-in-force.ts";
import { confirmationsOf } from "../operations/confirmations.ts";
import { linkingOf } from "../operations/linking.ts";
import { Answering } from "./answering.ts";
import { Chats } from "./chats.ts";
import { Outbox } from "./outbox.ts";
import { People } from "./people.ts";

export type TalkParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly rules: RulesInForce;
  readonly desk: () => CommandDesk;
  /** Where messages go while the configuration names no chat. */
  readonly console: Chat;
  /** @param desk who takes what people ask for there. Throws where the chat cannot even be tried, as without its secret */
  readonly openChat: (kind: string, options: unknown, desk: ChatDesk) => Promise<Chat>;
  readonly seal: Seal;
  readonly digest: Digest;
  /** Values of secrets that the configuration names, to be kept out of everything that leaves. */
  readonly secrets: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly chance: () => number;
};

export class Talk {
  readonly chats: Chats;
  readonly people: People;
  readonly linking: Linking;
  readonly confirmations: Confirmations;
  readonly #outbox: Outbox;
  readonly #answering: Answering;

  constructor(parts: TalkParts) {
    const { engine, queries, secrets, openChat, chance } = parts;
    const redact = () => redactor(secrets());
    this.people = new People(parts);
    this.linking = linkingOf({ ...parts, people: this.people });
    this.confirmations = confirmationsOf(engine, chance);
    this.chats = new Chats({
      ...parts,
      openChat: (kind, options) => openChat(kind, options, this.#answering),
    });
    this.#outbox = new Outbox({ ...parts, chats: this.chats, redact });
    this.#answering = new Answering({
      ...parts,
      queries,
      chats: this.chats,
      redact,
      actorOf: (account, place) => this.people.actorOf(account, place),
    });
  }

  get resting(): boolean {
    return this.#outbox.resting && this.#answering.resting;
  }

  /** Something is to be sent before a moment, as far as it is known now. */
  async hasDueBy(moment: Instant): Promise<boolean> {
    return await this.#outbox.hasDueBy(moment);
  }

  /** The chats that messages go to, and why one does not take them. */
  get condition(): Condition["chats"] {
    return this.chats.names.map((name) => ({
      name,
      trouble: this.chats.troubles.get(name) ?? this.#outbox.troublesOf(name)[0] ?? null,
    }));
  }

  async adjust(config: Config): Promise<void> {
    await this.chats.adjust(config);
  }

  /** Answers what another bot had taken, and sends what it had not sent. */
  async begin(): Promise<void> {
    await this.#answering.takeUp();
    this.nudge();
  }

  /** There may be messages to send. */
  nudge(): void {
    this.#outbox.nudge();
  }

  /** Finishes what it is about. The chats stay open until the engine has stopped. */
  async stop(): Promise<void> {
    await this.#answering.stop();
    await this.#outbox.stop();
  }
}

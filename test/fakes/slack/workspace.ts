/** A workspace of Slack: who and what is in it, and what can be seen there. */
import { randomBytes } from "node:crypto";
import type { types } from "@slack/bolt";
import type { Clock } from "../../../src/ports/clock.ts";
import { buttonsOf, type Shown, textOfBlocks, textOfMarkup } from "./shown.ts";

export const BOT_USER = "U0CALOPS";
export const BOT_ID = "B0CALOPS";
export const TEAM = "T0LAB";

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly kind: "public" | "private" | "direct";
  readonly members: Set<string>;
  archived: boolean;
};

export type Message = {
  readonly ts: string;
  readonly channel: string;
  /** Its author: an account, or the bot's. */
  readonly user: string;
  readonly thread: string | undefined;
  /** Who alone sees it. */
  readonly onlyFor: string | undefined;
  text: string;
  blocks: types.KnownBlock[];
  metadata: types.MessageMetadata | undefined;
  edited: boolean;
};

export type Modal = { readonly id: string; readonly user: string; readonly view: types.ModalView };

/** A right to open one form, or to answer. */
export type Trigger = { readonly user: string; readonly at: number; used: boolean };
export type ResponseUrl = { readonly user: string; readonly channel: string; readonly at: number; uses: number };

export class Workspace {
  readonly clock: Clock;
  readonly users = new Map<string, string>();
  readonly channels = new Map<string, Channel>();
  readonly messages: Message[] = [];
  readonly modals: Modal[] = [];
  readonly homes = new Map<string, types.HomeView>();
  readonly files: { title: string; channel: string; thread: string | undefined; bytes: Buffer }[] = [];
  readonly triggers = new Map<string, Trigger>();
  readonly responseUrls = new Map<string, ResponseUrl>();
  #count = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The account of somebody, who is there from the first time that they are named. */
  user(name: string): string {
    if (/^U[A-Z0-9]+$/.test(name)) return name;
    const known = [...this.users].find(([, one]) => one === name)?.[0];
    const id = known ?? `U0${name.toUpperCase().replace(/[^A-Z0-9]/g, "")}`;
    this.users.set(id, name);
    return id;
  }

  /** @param members beside the bot */
  makeChannel(name: string, options: { private?: boolean; bot?: boolean } = {}): Channel {
    const channel: Channel = {
      id: `C0${name.toUpperCase().replace(/[^A-Z0-9]/g, "")}`,
      name,
      kind: options.private ? "private" : "public",
      members: new Set(options.bot === false ? [] : [BOT_USER]),
      archived: false,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** Of the bot with somebody alone. */
  direct(user: string): Channel {
    const id = `D0${user.slice(2)}`;
    const known = this.channels.get(id);
    if (known) return known;
    const made: Channel = {
      id,
      name: "directmessage",
      kind: "direct",
      members: new Set([user, BOT_USER]),
      archived: false,
    };
    this.channels.set(id, made);
    return made;
  }

  /** @param name `#timing`, `timing`, `@ada` for her direct messages with the bot, or an id */
  channel(name: string): Channel {
    const known =
      this.channels.get(name) ?? [...this.channels.values()].find((one) => one.name === name.replace("#", ""));
    if (known) return known;
    if (name.startsWith("@")) return this.direct(this.user(name.slice(1)));
    throw new Error(`there is no channel ${name}`);
  }

  ts(): string {
    this.#count += 1;
    return `${Math.floor(this.clock.now() / 1_000)}.${String(this.#count).padStart(6, "0")}`;
  }

  id(prefix: string): string {
    return `${prefix}${randomBytes(6).toString("hex").toUpperCase()}`;
  }

  post(message: Pick<Message, "channel" | "user" | "text"> & Partial<Message>): Message {
    const posted: Message = {
      ts: this.ts(),
      thread: undefined,
      onlyFor: undefined,
      blocks: [],
      metadata: undefined,
      edited: false,
      ...message,
    };
    this.messages.push(posted);
    return posted;
  }

  find(channel: string, ts: string): Message | undefined {
    return this.messages.find((one) => one.channel === channel && one.ts === ts);
  }

  /** What somebody sees in a channel, oldest first. */
  shown(channel: string, user: string): Shown[] {
    const { id } = this.channel(channel);
    const who = this.user(user);
    return this.messages
      .filter((one) => one.channel === id && (one.onlyFor === undefined || one.onlyFor === who))
      .map((one) => ({
        id: `${one.channel}:${one.ts}`,
        text: one.blocks.length > 0 ? textOfBlocks(one.blocks) : textOfMarkup(one.text),
        thread: one.thread === undefined ? null : `${one.channel}:${one.thread}`,
        buttons: buttonsOf(one.blocks).map((button) => button.text.text),
        ephemeral: one.onlyFor !== undefined,
      }));
  }
}

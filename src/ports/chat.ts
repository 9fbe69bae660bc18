/** Where messages go and commands come from. A chat carries; it decides nothing. */

import type { Form } from "../core/chat/form.ts";
import type { Account, Asking, Place } from "../core/chat/request.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { Block, Button } from "../core/say.ts";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

export interface Chat {
  /** As configurations name its kind: `slack`. */
  readonly name: string;
  /** No channel gets more than one call in so many milliseconds. */
  readonly paceMs: number;
  /** The name that a channel has by itself, as far as it is known: one with several names has one pace. */
  nameOf(channel: string): string;
  /**
   * Posts a message, or edits the one that it has under `remoteRef`. One that is gone there is posted anew. Posting a key that
   * is there already changes nothing but its text, so a message that was sent just before a crash is not sent twice.
   * Rejects with a `ChatError` when it did not get through.
   */
  deliver(message: Delivery): Promise<{ remoteRef: string | null }>;
  /** Answers the one who asked, so that nobody else sees it. Rejects with a `ChatError` as `deliver` does. */
  answer(reply: Reply): Promise<void>;
  /** Opens a form before the one who asked. `false` where it cannot any more: they have to press something again. */
  openForm(place: Place, form: Form, seal: string): Promise<boolean>;
  /** Every connection and right that it needs, looked at as an administrator would. Finds out; changes nothing. */
  examine(): Promise<Finding[]>;
  close(): Promise<void>;
}

export type Delivery = {
  readonly key: string;
  /** `#name`; `@ID` is the conversation with an account alone, and `=ID` a channel by what the chat calls it. */
  readonly channel: string;
  readonly edition: number;
  readonly blocks: readonly Block[];
  /** What the chat called it when it was there before. */
  readonly remoteRef: string | null;
  /** What the chat calls the message whose thread it belongs in. */
  readonly thread: string | null;
  /** It was sent once, and nobody knows whether it got there. */
  readonly unsure: boolean;
  /** Where it was asked for, for an answer: that may be open to the bot where the channel is not. */
  readonly place: Place | null;
};

export type Reply = {
  readonly key: string;
  readonly account: Account;
  readonly place: Place;
  readonly blocks: readonly Block[];
};

/** What a chat asks of the bot. */
export interface ChatDesk {
  /** Resolves once it is on disk, or was there before: then it is answered. Otherwise what to tell the asker at once. */
  take(
    incoming: Incoming,
  ): Promise<{ readonly taken: true } | { readonly taken: false; readonly say: readonly Block[] }>;
  /** What a button carries, so that a press can be told from a forged one. Letters, digits, `.`, `-` and `_`. */
  seal(button: Button): string;
}

export type Incoming = {
  readonly key: string;
  readonly account: Account;
  readonly place: Place;
  readonly asking: Asking;
};

export class ChatError extends Error {
  /** Milliseconds that the server asks to wait; undefined where it says nothing. */
  readonly retryAfterMs: number | undefined;
  /** This message is refused however often it is sent; one in a channel that is closed to the bot may get there later. */
  readonly hopeless: boolean;

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number; hopeless?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.name = "ChatError";
    this.retryAfterMs = options.retryAfterMs;
    this.hopeless = options.hopeless ?? false;
  }
}

/** What a chat is opened with, beside its options. */
export type ChatParts = {
  readonly desk: ChatDesk;
  /** The value of a secret. Throws where there is none, and says where it is looked for. */
  readonly secret: (name: string) => string;
  readonly clock: Clock;
  readonly log: Log;
  /** The address under which others reach the bot; null while it does not listen. */
  readonly url: () => string | null;
  /** A page with the whole of a message or an answer, by its key, for what a chat has no room for. */
  readonly wholeUrl: (key: string) => string | null;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Opened for `examine` alone, perhaps beside a bot that works: it hears nothing, and sets nothing up there. */
  readonly onlyToLook?: true;
};

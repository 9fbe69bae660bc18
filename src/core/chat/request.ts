/**
 * Somebody asked for something in a chat. It is written down before it is acknowledged, so it is answered whatever becomes
 * of the bot in between.
 *
 *   asked     written down
 *   begun     something that it asked for was committed; asked again, that would be done twice
 *   ready     its answer is known, and may be with the asker already
 *   answered  the chat has the answer
 */
import type { Block } from "../say.ts";
import type { Instant } from "../time.ts";

/** An account of a chat, which may be a person's that people.yaml knows. */
export type Account = {
  readonly chat: string;
  readonly id: string;
  /** As the chat shows it; anybody may take any. */
  readonly name: string;
};

/** Where it was asked, and so where it is answered. */
export type Place = {
  /** As the chat names it; null where there is none, as on a home page. */
  readonly channel: string | null;
  /** What its thread hangs from, as the chat names it. */
  readonly thread: string | null;
  /** Nobody else reads here. */
  readonly direct: boolean;
  /** What else the chat needs to answer here, in its own words. */
  readonly remote: string;
};

export type Asking =
  | { readonly kind: "line"; readonly line: string }
  /** A button, by the seal that it was shown with. */
  | { readonly kind: "press"; readonly seal: string }
  /** A form, by the seal that it was opened with, with what was written in. */
  | { readonly kind: "form"; readonly seal: string; readonly values: Readonly<Record<string, string>> }
  /** The page of a person: what waits for them. */
  | { readonly kind: "home" };

export type ChatRequest = {
  /** By which the chat names it: the same again is no second one. */
  readonly key: string;
  readonly account: Account;
  readonly place: Place;
  readonly asking: Asking;
  readonly state: "asked" | "begun" | "ready" | "answered";
  readonly at: Instant;
  readonly answer: ChatAnswer | null;
  /** How often the chat would not take the answer. */
  readonly failures: number;
};

export type ChatAnswer = { readonly to: "asker" | "channel"; readonly blocks: readonly Block[] };

export function newRequest(
  asked: Pick<ChatRequest, "key" | "account" | "place" | "asking">,
  now: Instant,
): ChatRequest {
  return { ...asked, state: "asked", at: now, answer: null, failures: 0 };
}

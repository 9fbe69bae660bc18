/**
 * A message in a channel of a chat. It is stored before it is sent and can be edited later; what is sent is always its newest
 * version. The key makes telling a thing twice the same as telling it once; a message that goes to several chats is one in each.
 */
import type { Place } from "./chat/request.ts";
import { type Block, say } from "./say.ts";
import type { Instant } from "./time.ts";

export type Message = {
  readonly key: string;
  /** The chat that carries it: `slack`. */
  readonly chat: string;
  /** `#name`, `@ACCOUNT` or `=ID`; see `Delivery`. */
  readonly channel: string;
  readonly blocks: readonly Block[];
  /** From 1; an edit is a new one. */
  readonly edition: number;
  /** The newest edition that the channel has; 0 before it was sent. */
  readonly sentEdition: number;
  /** What the chat calls it, once it is there. */
  readonly remoteRef: string | null;
  /** In the thread of another message of this chat, or of one that people wrote; null for one of its own. */
  readonly thread: Thread | null;
  /** Where it was asked for; null for what nobody asked for. */
  readonly place: Place | null;
  /** It speaks of something that is over: nobody can act on it any more. */
  readonly over: boolean;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  /** Not to be sent before: an edit waits a little for further ones, a failed sending for its turn. */
  readonly dueAt: Instant;
  /** It is on its way, or was when the bot died. */
  readonly sending: boolean;
};

/** Under a message by its key, or under what the chat calls one. */
export type Thread = { readonly under: string } | { readonly ref: string };

/** Edits of one message closer together than this are sent as one, so that a burst of failures is not a burst of messages. */
export const EDIT_PAUSE_MS = 5_000;

/** What is told once, under its key, in the thread of another message. */
export type Detail = { readonly key: string; readonly blocks: readonly Block[] };

export type Posting = {
  readonly key: string;
  readonly chat: string;
  readonly channel: string;
  readonly blocks: readonly Block[];
  readonly thread?: Thread | null;
  readonly place?: Place | null;
  readonly over?: boolean;
};

export function newMessage({ thread, place, over, ...posting }: Posting, now: Instant): Message {
  return {
    ...posting,
    edition: 1,
    sentEdition: 0,
    remoteRef: null,
    thread: thread ?? null,
    place: place ?? null,
    over: over ?? false,
    createdAt: now,
    changedAt: now,
    dueAt: now,
    sending: false,
  };
}

/** @param how `atOnce`: somebody waits for it, and it is not one of a burst */
export function edited(
  message: Message,
  blocks: readonly Block[],
  now: Instant,
  { over = false, atOnce = false }: { readonly over?: boolean; readonly atOnce?: boolean } = {},
): Message {
  const pauseMs = atOnce ? 0 : EDIT_PAUSE_MS;
  // One that waits takes this change with it: changes without end do not put it off without end.
  const waits = message.sentEdition < message.edition;
  return {
    ...message,
    blocks,
    over,
    edition: message.edition + 1,
    changedAt: now,
    dueAt: waits ? Math.min(message.dueAt, now + pauseMs) : Math.max(now, message.changedAt + pauseMs),
  };
}

/** What stands for pictures where nobody looks at them any more. */
export function picturesInWords(blocks: readonly Block[]): readonly Block[] {
  if (!blocks.some(({ kind }) => kind === "picture")) return blocks;
  return blocks.map((block) => (block.kind === "picture" ? say`Picture: ${block.title}` : block));
}

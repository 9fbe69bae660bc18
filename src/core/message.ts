/**
 * A message in a channel. It is stored before it is sent and can be edited later; what is sent is always its newest version.
 * The key makes telling a thing twice the same as telling it once.
 */
import type { Block } from "./say.ts";
import type { Instant } from "./time.ts";

export type Message = {
  readonly key: string;
  readonly channel: string;
  readonly blocks: readonly Block[];
  /** From 1; an edit is a new one. */
  readonly edition: number;
  /** The newest edition that the channel has; 0 before it was sent. */
  readonly sentEdition: number;
  /** What the chat calls it, once it is there. */
  readonly remoteRef: string | null;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  /** Not to be sent before: an edit waits a little for further ones, a failed sending for its turn. */
  readonly dueAt: Instant;
  readonly failures: number;
};

/** Edits of one message closer together than this are sent as one, so that a burst of failures is not a burst of messages. */
export const EDIT_PAUSE_MS = 5_000;

export function newMessage(key: string, channel: string, blocks: readonly Block[], now: Instant): Message {
  return {
    key,
    channel,
    blocks,
    edition: 1,
    sentEdition: 0,
    remoteRef: null,
    createdAt: now,
    changedAt: now,
    dueAt: now,
    failures: 0,
  };
}

export function edited(message: Message, blocks: readonly Block[], now: Instant): Message {
  const dueAt = message.sentEdition === 0 ? message.dueAt : Math.max(message.dueAt, message.changedAt + EDIT_PAUSE_MS);
  return {
    ...message,
    blocks,
    edition: message.edition + 1,
    changedAt: now,
    dueAt: Math.min(dueAt, now + EDIT_PAUSE_MS),
    failures: 0,
  };
}

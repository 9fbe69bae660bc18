import type { Block } from "../core/say.ts";

/** Where messages go. A chat carries; it decides nothing. */
export interface Chat {
  readonly name: string;
  /**
   * Posts a message, or edits the one that it has under this key. Posting a key that is there already changes nothing
   * but its text, so a message that was sent just before a crash is not sent twice.
   * Rejects with a `ChatError` when it did not get through.
   */
  deliver(message: Delivery): Promise<{ remoteRef: string | null }>;
  close(): Promise<void>;
}

export type Delivery = {
  readonly key: string;
  readonly channel: string;
  readonly edition: number;
  readonly blocks: readonly Block[];
  readonly remoteRef: string | null;
};

export class ChatError extends Error {
  /** Milliseconds that the server asks to wait; undefined where it says nothing. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = "ChatError";
    this.retryAfterMs = options.retryAfterMs;
  }
}

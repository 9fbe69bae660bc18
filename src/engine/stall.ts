/**
 * The store cannot be written: the disk is full, the server is away. Then nothing is decided, nothing is lost, and it is
 * tried again until it works. Whoever asks is told.
 */
import type { Log } from "../ports/log.ts";
import type { StoreUnavailable } from "../ports/store.ts";

const SHORTEST_MS = 200;
const LONGEST_MS = 10_000;

export class Stall {
  readonly #log: Log;
  #why: string | undefined;
  #waitMs = SHORTEST_MS;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Why nothing is decided at the moment; undefined while all is well. */
  get why(): string | undefined {
    return this.#why;
  }

  async wait(error: StoreUnavailable, stopping: () => boolean): Promise<void> {
    if (this.#why === undefined)
      this.#log.error(
        { error: error.message },
        "the store cannot be written; calops waits and goes on by itself once it can. Is the disk full?",
      );
    this.#why = error.message;
    if (stopping()) return;
    await new Promise((resolve) => setTimeout(resolve, this.#waitMs));
    this.#waitMs = Math.min(LONGEST_MS, this.#waitMs * 2);
  }

  /** Whether a stall has just come to its end. */
  ended(): boolean {
    const was = this.#why !== undefined;
    this.#why = undefined;
    this.#waitMs = SHORTEST_MS;
    return was;
  }
}

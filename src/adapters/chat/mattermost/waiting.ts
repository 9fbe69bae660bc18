/**
 * Presses that the server waits with: what is known in time is told in the answer to them, which only the one who pressed
 * sees. A press that came twice is one.
 */
import type { Clock } from "../../../ports/clock.ts";

export type Waiting = {
  /** @returns whether somebody waited for it, and has it now */
  answer(key: string, text: string): boolean;
};

const SAME_PRESS_MS = 3_000;

export class Presses implements Waiting {
  readonly #clock: Clock;
  readonly #holds = new Map<string, (text: string | undefined) => void>();
  readonly #latest = new Map<string, { readonly key: string; readonly at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  answer(key: string, text: string): boolean {
    const hold = this.#holds.get(key);
    this.#holds.delete(key);
    hold?.(text);
    return hold !== undefined;
  }

  /** What is told in time under a key; undefined where nothing is. */
  hold(key: string, ms: number): Promise<string | undefined> {
    if (this.#holds.has(key)) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#holds.delete(key);
        resolve(undefined);
      }, ms);
      this.#holds.set(key, (text) => {
        clearTimeout(timer);
        resolve(text);
      });
    });
  }

  /** Nobody is waited for any more. */
  release(): void {
    for (const hold of this.#holds.values()) hold(undefined);
    this.#holds.clear();
  }

  /** The key of a press, which is that of the same press a moment ago: a finger that trembled. */
  keyOf(what: string, key: string): string {
    const now = this.#clock.elapsed();
    for (const [other, { at }] of this.#latest) if (now - at > SAME_PRESS_MS) this.#latest.delete(other);
    const latest = this.#latest.get(what);
    if (latest) return latest.key;
    this.#latest.set(what, { key, at: now });
    return key;
  }
}

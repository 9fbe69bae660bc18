/**
 * Presses that the server waits with: what is known in time is told in the answer to them, which only the one who pressed
 * sees.
 */
export type Waiting = {
  /** @returns whether somebody waited for it, and has it now */
  answer(key: string, text: string): boolean;
};

export class Presses implements Waiting {
  readonly #holds = new Map<string, (text: string | undefined) => void>();

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
}

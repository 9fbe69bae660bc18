/** The attempts under way, in memory: what executors are asked about and what their answers are matched with. */
import type { Surveyed } from "../ports/executor.ts";

export type LiveAttempt = Surveyed & { readonly executor: string; readonly jobId: number };

export class LiveAttempts {
  readonly #byKey = new Map<string, LiveAttempt>();

  add(attempt: LiveAttempt): void {
    this.#byKey.set(attempt.key, attempt);
  }

  get(key: string): LiveAttempt | undefined {
    return this.#byKey.get(key);
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }

  on(executor: string): LiveAttempt[] {
    return [...this.#byKey.values()].filter((attempt) => attempt.executor === executor);
  }

  get size(): number {
    return this.#byKey.size;
  }
}

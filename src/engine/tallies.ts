import type { Task } from "../core/task/task.ts";
import type { Tally } from "../ports/things.ts";

/** By how many the tasks of each state become more or fewer in a unit of work. */
export class Tallies {
  readonly #differences = new Map<string, Tally>();

  moved(before: Task | undefined, after: Task): void {
    if (before?.state === after.state) return;
    if (before) this.#count(before, -1);
    this.#count(after, +1);
  }

  /** Those since the last time. */
  take(): Tally[] {
    const counted = [...this.#differences.values()].filter((tally) => tally.count !== 0);
    this.#differences.clear();
    return counted;
  }

  #count({ environment, campaign, workflow, name, state }: Task, difference: number): void {
    const key = JSON.stringify([environment, campaign, workflow, name, state]);
    const before = this.#differences.get(key)?.count ?? 0;
    this.#differences.set(key, { environment, campaign, workflow, task: name, state, count: before + difference });
  }
}

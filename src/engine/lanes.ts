/** The lines in which jobs wait, and how many of each are under way: kept in memory as commits go by. */
import { isLive, type Job } from "../core/job/job.ts";
import type { Lane, LaneLoad } from "../ports/loads.ts";

export type JobStep = { readonly before: Job | undefined; readonly after: Job };

export class Lanes {
  readonly #loads: Map<string, LaneLoad>;

  constructor(loads: readonly LaneLoad[]) {
    this.#loads = new Map(loads.map((load) => [nameOf(load), load]));
  }

  /** Lines in which somebody waits. */
  get waiting(): readonly LaneLoad[] {
    return [...this.#loads.values()].filter((lane) => lane.idle > 0);
  }

  liveOn(executor: string): number {
    return this.#live((lane) => lane.executor === executor);
  }

  liveOf(environment: string, workflow: string): number {
    return this.#live((lane) => lane.environment === environment && lane.workflow === workflow);
  }

  liveIn(environment: string): number {
    return this.#live((lane) => lane.environment === environment);
  }

  /** How it will be once these steps are committed. */
  after(steps: readonly JobStep[]): Lanes {
    if (steps.length === 0) return this;
    const next = new Lanes([...this.#loads.values()]);
    for (const step of steps) next.step(step);
    return next;
  }

  step({ before, after }: JobStep): void {
    if (before) this.#count(before, -1);
    this.#count(after, +1);
  }

  #count(job: Job, difference: number): void {
    const idle = job.state === "idle" && !job.held ? difference : 0;
    const live = isLive(job.state) ? difference : 0;
    if (idle === 0 && live === 0) return;
    const name = nameOf(job);
    const { executor, environment, workflow, priority } = job;
    const lane = this.#loads.get(name) ?? { executor, environment, workflow, priority, idle: 0, live: 0 };
    const next = { ...lane, idle: lane.idle + idle, live: lane.live + live };
    if (next.idle === 0 && next.live === 0) this.#loads.delete(name);
    else this.#loads.set(name, next);
  }

  #live(counts: (lane: LaneLoad) => boolean): number {
    let live = 0;
    for (const lane of this.#loads.values()) if (counts(lane)) live += lane.live;
    return live;
  }
}

function nameOf(lane: Lane): string {
  return JSON.stringify([lane.executor, lane.environment, lane.workflow, lane.priority]);
}

/**
 * How much of everything there is at the moment: kept in memory as commits go by, so that deciding who may begin does not
 * count what is stored. It is read from the store at start and never written.
 */
import { isLive, type Job } from "../core/job/job.ts";
import type { Task } from "../core/task/task.ts";
import type { Lane, LaneLoad, Usage } from "../ports/store.ts";

export class Standing {
  readonly #lanes = new Map<string, LaneLoad>();
  readonly #processing = new Map<string, number>();
  readonly #bytes = new Map<string, number>();

  constructor(
    lanes: readonly LaneLoad[],
    processing: readonly { environment: string; workflow: string; count: number }[],
    usage: readonly Usage[],
  ) {
    for (const lane of lanes) this.#lanes.set(laneName(lane), lane);
    for (const one of processing) add(this.#processing, workflowName(one), one.count);
    for (const one of usage) add(this.#bytes, workflowName(one), one.bytes);
  }

  /** Lines in which somebody waits. */
  get waiting(): readonly LaneLoad[] {
    return [...this.#lanes.values()].filter((lane) => lane.idle > 0);
  }

  liveOn(executor: string): number {
    return sum([...this.#lanes.values()].filter((lane) => lane.executor === executor).map((lane) => lane.live));
  }

  liveOf(environment: string, workflow: string): number {
    return sum(
      [...this.#lanes.values()]
        .filter((lane) => lane.environment === environment && lane.workflow === workflow)
        .map((lane) => lane.live),
    );
  }

  get live(): number {
    return sum([...this.#lanes.values()].map((lane) => lane.live));
  }

  processing(environment: string, workflow: string): number {
    return this.#processing.get(workflowName({ environment, workflow })) ?? 0;
  }

  bytes(environment: string, workflow: string): number {
    return this.#bytes.get(workflowName({ environment, workflow })) ?? 0;
  }

  jobMoved(before: Job | undefined, after: Job): void {
    if (before) this.#countJob(before, -1);
    this.#countJob(after, +1);
  }

  taskMoved(before: Task | undefined, after: Task): void {
    if (before?.state === "processing") add(this.#processing, workflowName(before), -1);
    if (after.state === "processing") add(this.#processing, workflowName(after), +1);
  }

  used(usage: Usage): void {
    add(this.#bytes, workflowName(usage), usage.bytes);
  }

  #countJob(job: Job, difference: number): void {
    const idle = job.state === "idle" && !job.held ? difference : 0;
    const live = isLive(job.state) ? difference : 0;
    if (idle === 0 && live === 0) return;
    const name = laneName(job);
    const { executor, environment, workflow, priority } = job;
    const lane = this.#lanes.get(name) ?? { executor, environment, workflow, priority, idle: 0, live: 0 };
    const next = { ...lane, idle: lane.idle + idle, live: lane.live + live };
    if (next.idle === 0 && next.live === 0) this.#lanes.delete(name);
    else this.#lanes.set(name, next);
  }
}

function laneName(lane: Lane): string {
  return JSON.stringify([lane.executor, lane.environment, lane.workflow, lane.priority]);
}

function workflowName(of: { readonly environment: string; readonly workflow: string }): string {
  return `${of.environment} ${of.workflow}`;
}

function add(counts: Map<string, number>, key: string, difference: number): void {
  counts.set(key, (counts.get(key) ?? 0) + difference);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

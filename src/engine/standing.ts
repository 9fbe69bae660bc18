/**
 * How much of everything there is at the moment: kept in memory as commits go by, so that deciding who may begin does not
 * count what is stored. It is read from the store at start and never written.
 */
import type { Task } from "../core/task/task.ts";
import type { LaneLoad } from "../ports/loads.ts";
import type { Usage } from "../ports/things.ts";
import { Lanes } from "./lanes.ts";

export type Processing = { readonly environment: string; readonly workflow: string; readonly count: number };

export class Standing {
  readonly lanes: Lanes;
  readonly #processing = new Map<string, number>();
  readonly #bytes = new Map<string, number>();

  constructor(loads: readonly LaneLoad[], processing: readonly Processing[], usage: readonly Usage[]) {
    this.lanes = new Lanes(loads);
    for (const one of processing) add(this.#processing, nameOf(one), one.count);
    for (const one of usage) add(this.#bytes, nameOf(one), one.bytes);
  }

  /** Tasks of a workflow that are processing. */
  processing(environment: string, workflow: string): number {
    return this.#processing.get(nameOf({ environment, workflow })) ?? 0;
  }

  /** Bytes that the outputs of a workflow take. */
  bytes(environment: string, workflow: string): number {
    return this.#bytes.get(nameOf({ environment, workflow })) ?? 0;
  }

  taskMoved(before: Task | undefined, after: Task): void {
    if (before?.state === "processing") add(this.#processing, nameOf(before), -1);
    if (after.state === "processing") add(this.#processing, nameOf(after), +1);
  }

  used(usage: Usage): void {
    add(this.#bytes, nameOf(usage), usage.bytes);
  }
}

function nameOf(of: { readonly environment: string; readonly workflow: string }): string {
  return `${of.environment} ${of.workflow}`;
}

function add(counts: Map<string, number>, key: string, difference: number): void {
  counts.set(key, (counts.get(key) ?? 0) + difference);
}

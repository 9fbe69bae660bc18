import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Order } from "../../src/core/job/order.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Executor, JobEnd, Receipt, Sighting, Survey, Surveyed } from "../../src/ports/executor.ts";

/** What a job does: files it writes into its outputs, lines it logs, and how it ends. `never` leaves it running. */
export type Act = {
  readonly exit?: number | "never";
  readonly outputs?: Readonly<Record<string, string | Uint8Array>>;
  readonly log?: string;
};
export type Script = (order: Order) => Act;
/** A job as the batch system behind the executor knows it; it outlives the bot. */
export type JobRecord = { readonly order: Order; end: JobEnd | null };

/** An executor without processes: each job does at once what a script says. It keeps the contract of executors. */
export class ScriptedExecutor implements Executor {
  readonly name: string;
  readonly capacity: number;
  readonly sureAfter: number;
  readonly orders: Order[] = [];
  /** While it is set, neither submissions nor surveys are answered; with `takes`, jobs are taken nevertheless. */
  unanswered: boolean | "takes" = false;
  /** Why it runs nothing that must be isolated; without a reason it does. */
  unisolated: string | undefined;
  #script: Script;
  readonly #root: string;
  readonly #clock: Clock;
  readonly #jobs: Map<string, JobRecord>;
  #listener: (sightings: readonly Sighting[]) => void = () => {};

  constructor(parts: {
    name?: string;
    root: string;
    clock: Clock;
    script: Script;
    batch?: Map<string, JobRecord>;
    capacity?: number;
    sureAfter?: number;
  }) {
    this.name = parts.name ?? "local";
    this.capacity = parts.capacity ?? 1_000;
    this.sureAfter = parts.sureAfter ?? 1;
    this.#root = parts.root;
    this.#clock = parts.clock;
    this.#script = parts.script;
    this.#jobs = parts.batch ?? new Map();
  }

  /** Jobs from now on do something else. */
  perform(script: Script): void {
    this.#script = script;
  }

  onSighting(listener: (sightings: readonly Sighting[]) => void): void {
    this.#listener = listener;
  }

  async submit(orders: readonly Order[]): Promise<readonly Receipt[]> {
    const why = this.unisolated;
    const refuses = (order: Order) => order.isolated && why !== undefined;
    if (this.unanswered !== true) this.#takeAll(orders.filter((order) => !refuses(order)));
    return orders.map((order) => {
      if (this.unanswered) return { kind: "unknown", why: "nobody answers" };
      return refuses(order) ? { kind: "refused", why: why ?? "" } : { kind: "accepted", externalId: null };
    });
  }

  #takeAll(orders: readonly Order[]): void {
    for (const order of orders) {
      if (this.#jobs.has(order.key)) continue;
      this.orders.push(order);
      this.#perform(order);
    }
  }

  async survey(jobs: readonly Surveyed[]): Promise<Survey> {
    if (this.unanswered) return { answered: false, why: "nobody answers" };
    return { answered: true, sightings: jobs.map((job) => this.#sighting(job.key)) };
  }

  async cancel(jobs: readonly Surveyed[]): Promise<void> {
    for (const { key } of jobs) if (this.#jobs.get(key)?.end === null) this.end(key, 143, "cancelled");
  }

  async cannotIsolate(): Promise<string | undefined> {
    return this.unisolated;
  }

  async close(): Promise<void> {
    this.#listener = () => {};
  }

  /** Ends a job that was left running. */
  end(key: string, exitCode: number, ended: JobEnd["ended"] = null): void {
    const job = this.#jobs.get(key);
    if (!job) throw new Error(`no job ${key}`);
    const now = this.#clock.now();
    job.end = { startedAt: now, endedAt: now, host: "fake", cpuMs: 0, exitCode, signal: null, ended };
    if (!this.unanswered) this.#listener([{ key, state: "ended", end: job.end }]);
  }

  /** The batch system forgets a job. */
  forget(key: string): void {
    this.#jobs.delete(key);
  }

  #perform(order: Order): void {
    const act = this.#script(order);
    const directory = join(this.#root, order.directory);
    mkdirSync(join(directory, "out"), { recursive: true });
    writeFileSync(join(directory, "log"), act.log ?? "");
    for (const [path, text] of Object.entries(act.outputs ?? {})) {
      mkdirSync(dirname(join(directory, "out", path)), { recursive: true });
      writeFileSync(join(directory, "out", path), text);
    }
    this.#jobs.set(order.key, { order, end: null });
    if (!this.unanswered) this.#listener([{ key: order.key, state: "running", at: this.#clock.now(), host: "fake" }]);
    const { exit = 0 } = act;
    if (exit !== "never") queueMicrotask(() => this.end(order.key, exit));
  }

  #sighting(key: string): Sighting {
    const job = this.#jobs.get(key);
    if (!job) return { key, state: "absent" };
    return job.end
      ? { key, state: "ended", end: job.end }
      : { key, state: "running", at: this.#clock.now(), host: "fake" };
  }
}

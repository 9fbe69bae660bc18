/**
 * The local executor in a thread of its own. Making a process stops its thread for milliseconds, and so does deciding in
 * the engine's; side by side, a place that becomes free waits for neither.
 */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { createBirpc } from "birpc";
import type { Order } from "../../../core/job/order.ts";
import type { Executor, Receipt, Sighting, Survey, Surveyed } from "../../../ports/executor.ts";
import { capacityOf } from "./config.ts";
import type { LocalExecutor, LocalParts } from "./local.ts";

/** What the executor in the thread is made from; it brings its own clock. */
export type ThreadParts = Omit<LocalParts, "clock">;

/** What the thread may call of us. */
export type Hears = { hear(sightings: readonly Sighting[]): void };

export class ThreadedLocalExecutor implements Executor {
  readonly name: string;
  readonly capacity: number;
  readonly sureAfter = 1;
  readonly #worker: Worker;
  readonly #there;
  #listener: (sightings: readonly Sighting[]) => void = () => {};

  constructor(parts: ThreadParts) {
    this.name = parts.name;
    this.capacity = capacityOf(parts.options);
    // The environment is a live object of this process, and the thread gets a copy. What the thread does not catch ends the
    // bot, as it would in here: it is a mistake of ours, and the next start finds every job again.
    const workerData: ThreadParts = { ...parts, env: { ...parts.env } };
    this.#worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), { workerData });
    this.#worker.unref();
    this.#there = createBirpc<Pick<LocalExecutor, "submit" | "survey" | "cancel" | "close">, Hears>(
      { hear: (sightings) => this.#listener(sightings) },
      {
        post: (message) => this.#worker.postMessage(message),
        on: (listener) => this.#worker.on("message", listener),
        timeout: -1,
      },
    );
  }

  onSighting(listener: (sightings: readonly Sighting[]) => void): void {
    this.#listener = listener;
  }

  async submit(orders: readonly Order[]): Promise<readonly Receipt[]> {
    return await this.#there.submit(orders);
  }

  async survey(jobs: readonly Surveyed[]): Promise<Survey> {
    return await this.#there.survey(jobs);
  }

  async cancel(jobs: readonly Surveyed[]): Promise<void> {
    await this.#there.cancel(jobs);
  }

  async close(): Promise<void> {
    await this.#there.close();
    await this.#worker.terminate();
  }
}

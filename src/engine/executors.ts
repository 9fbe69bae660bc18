/** The executors at work: what is handed over to them, what they say, and asking them now and then about what they do not say. */
import type { Order } from "../core/job/order.ts";
import type { Redact } from "../core/text/redact.ts";
import type { Clock } from "../ports/clock.ts";
import type { Executor, Sighting } from "../ports/executor.ts";
import type { Log } from "../ports/log.ts";
import type { Engine } from "./engine.ts";
import { remakeOrders } from "./remake-orders.ts";
import { moveJobs, type Witnessed } from "./stages/move-jobs.ts";
import { Stopping } from "./stopping.ts";
import { witness } from "./witness.ts";

export type ExecutorsParts = { readonly engine: Engine; readonly clock: Clock; readonly log: Log };

type AtWork = { readonly executor: Executor; limit: number | undefined; unanswered: boolean };

/** How often an executor is asked about its jobs. */
const SURVEY_MS = 5_000;

export class Executors {
  readonly #parts: ExecutorsParts;
  readonly #atWork = new Map<string, AtWork>();
  /** Keys that are being handed over at this moment: no listing can know them yet. */
  readonly #handing = new Set<string>();
  #redact: Redact = (text) => text;
  #logPatterns: readonly RegExp[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pending = 0;
  #tidying: Promise<void> = Promise.resolve();

  constructor(parts: ExecutorsParts) {
    this.#parts = parts;
  }

  get all(): Executor[] {
    return [...this.#atWork.values()].map(({ executor }) => executor);
  }

  /** Nothing is being handed over, looked at or reported. */
  get resting(): boolean {
    return this.#pending === 0;
  }

  limitOf(executor: Executor): number {
    return Math.min(executor.capacity, this.#atWork.get(executor.name)?.limit ?? Number.POSITIVE_INFINITY);
  }

  /** What failures are looked through for, and what must not leave the bot. */
  configure(logPatterns: readonly RegExp[], redact: Redact): void {
    this.#logPatterns = logPatterns;
    this.#redact = redact;
  }

  add(executor: Executor, limit: number | undefined): void {
    this.#atWork.set(executor.name, { executor, limit, unanswered: false });
    executor.onSighting((sightings) => this.#take(executor, sightings));
  }

  setLimit(name: string, limit: number | undefined): void {
    const atWork = this.#atWork.get(name);
    if (atWork) atWork.limit = limit;
  }

  /** Asks every executor about the jobs that an earlier bot left, and from then on regularly. */
  async start(): Promise<void> {
    for (const { executor } of this.#atWork.values()) await this.#survey(executor);
    this.#timer = setInterval(() => {
      for (const { executor } of this.#atWork.values()) void this.#survey(executor);
    }, SURVEY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const { executor } of this.#atWork.values()) await executor.close();
    await this.#tidying;
  }

  handOver(orders: readonly { readonly executor: string; readonly order: Order }[]): void {
    for (const name of new Set(orders.map((one) => one.executor))) {
      const atWork = this.#atWork.get(name);
      if (atWork)
        void this.#submit(
          atWork.executor,
          orders.filter((one) => one.executor === name).map((one) => one.order),
        );
    }
  }

  cancel(name: string, key: string): void {
    const attempt = this.#parts.engine.live.get(key);
    if (attempt)
      void this.#atWork
        .get(name)
        ?.executor.cancel([attempt])
        .catch((error) => this.#warn(name, error));
  }

  async #submit(executor: Executor, orders: readonly Order[]): Promise<void> {
    this.#pending++;
    for (const order of orders) this.#handing.add(order.key);
    try {
      const receipts = await executor.submit(orders);
      const witnessed = orders.flatMap((order, index): Witnessed[] => {
        const receipt = receipts[index];
        return receipt === undefined || receipt.kind === "unknown"
          ? []
          : [{ kind: "receipt", key: order.key, receipt }];
      });
      await this.#report(executor, witnessed);
    } catch (error) {
      // Nobody knows whether it was taken: the listings will tell.
      this.#warn(executor.name, error);
    } finally {
      for (const order of orders) this.#handing.delete(order.key);
      this.#pending--;
    }
  }

  async #survey(executor: Executor): Promise<void> {
    const jobs = this.#parts.engine.live.on(executor.name).filter((job) => !this.#handing.has(job.key));
    if (jobs.length === 0) return;
    this.#pending++;
    try {
      const survey = await executor.survey(jobs);
      if (!survey.answered) throw new Error(survey.why);
      this.#answered(executor.name, true);
      await this.#witnessAll(executor, survey.sightings);
    } catch (error) {
      // Unknown is not failed: nothing is done to any job.
      if (this.#answered(executor.name, false)) this.#warn(executor.name, error);
    } finally {
      this.#pending--;
    }
  }

  /** Whether an executor answered when it was last asked. */
  answers(name: string): boolean {
    return !this.#atWork.get(name)?.unanswered;
  }

  has(name: string): boolean {
    return this.#atWork.has(name);
  }

  /** @returns whether this is news */
  #answered(name: string, answered: boolean): boolean {
    const atWork = this.#atWork.get(name);
    if (!atWork || atWork.unanswered === !answered) return false;
    atWork.unanswered = !answered;
    return true;
  }

  #take(executor: Executor, sightings: readonly Sighting[]): void {
    this.#pending++;
    void this.#witnessAll(executor, sightings)
      .catch((error) => this.#warn(executor.name, error))
      .finally(() => this.#pending--);
  }

  async #witnessAll(executor: Executor, sightings: readonly Sighting[]): Promise<void> {
    const { engine } = this.#parts;
    const parts = { workspace: engine.scene.workspace, redact: this.#redact, logPatterns: () => this.#logPatterns };
    const directories = new Map(
      sightings.flatMap(({ key }) => engine.live.get(key) ?? []).map(({ key, directory }) => [key, directory]),
    );
    const known = sightings.filter(({ key }) => directories.has(key));
    const witnessed = await Promise.all(
      known.map((sighting) => witness(parts, sighting, directories.get(sighting.key) ?? "")),
    );
    await this.#report(executor, witnessed);
    for (const one of witnessed) if (one.kind === "ended") this.#tidy(one, directories.get(one.key));
  }

  /** One after the other, and nobody waits for it: packing logs is no hurry. */
  #tidy(ended: Extract<Witnessed, { kind: "ended" }>, directory: string | undefined): void {
    if (directory === undefined) return;
    this.#tidying = this.#tidying
      .then(() => this.#parts.engine.scene.workspace.tidy(directory, !ended.ending.outcome.ok))
      .catch((error) =>
        this.#parts.log.warn({ directory, error: (error as Error).message }, "a job's directory could not be tidied"),
      );
  }

  async #report(executor: Executor, witnessed: readonly Witnessed[]): Promise<void> {
    if (witnessed.length === 0) return;
    const { engine } = this.#parts;
    const again = await engine.do("sightings", (ledger) =>
      moveJobs(ledger, engine.scene, witnessed, executor.sureAfter),
    );
    if (again.length === 0) return;
    const orders = await engine.do("orders again", (ledger) => remakeOrders(ledger, engine.scene, again));
    await this.#submit(executor, orders);
  }

  #warn(executor: string, error: unknown): void {
    if (error instanceof Stopping) return;
    this.#parts.log.warn(
      { executor, error: (error as Error).message },
      "an executor did not answer; nothing is decided about its jobs",
    );
  }
}

/**
 * The loop that carries everything: it takes what came in and what is due, commits the decisions, and does the deeds that
 * they ask for. It decides nothing itself; `stages/` do.
 */

import { setImmediate as breathe, setTimeout as wait } from "node:timers/promises";
import { isLive } from "../core/job/job.ts";
import type { Instant } from "../core/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { StaleWrite, type Store, StoreUnavailable } from "../ports/store.ts";
import { type AskedBy, whoAsked } from "./asked-by.ts";
import { CALOPS } from "./doer.ts";
import { Executors } from "./executors.ts";
import type { Ledger } from "./ledger.ts";
import { LiveAttempts } from "./live-attempts.ts";
import type { Scene } from "./scene.ts";
import { Stall } from "./stall.ts";
import { Stopping } from "./stopping.ts";
import { ErrandFailed, TURN_ERRANDS, type Turned, takeTurn, type Work } from "./turn.ts";

export type EngineParts = {
  readonly store: Store;
  readonly scene: Scene;
  readonly clock: Clock;
  readonly log: Log;
  /** From the beginning of one turn to that of the next, at the least, while there is something to do. */
  readonly paceMs: number;
  /** Called after each commit, with what was in it: for those who send messages or run errands outside. */
  readonly onCommit: (ledger: Ledger) => void;
};

type Entry = {
  readonly name: string;
  readonly work: Work;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
};

/** So much is taken into one turn that a reader beside it need not wait long for the processor. */
const WORKS_AT_ONCE = 100;
const ERRANDS_AT_ONCE = 100;
/** How long an errand is put off whose stage threw. */
const PUT_OFF_MS = 60_000;

export class Engine {
  readonly live = new LiveAttempts();
  readonly executors: Executors;
  readonly stall: Stall;
  readonly #parts: EngineParts;
  readonly #inbox: Entry[] = [];
  #wakeUp: () => void = () => {};
  #nextDue: Instant | undefined;
  #stopping = false;
  #busy = false;
  /** Only what is given is decided: nothing that is due, and nothing starts. */
  #holdsBack = false;
  #loop: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.stall = new Stall(parts.log);
    this.executors = new Executors({ engine: this, clock: parts.clock, log: parts.log });
  }

  get scene(): Scene {
    return this.#parts.scene;
  }

  /** Decides something in the next turn. Resolves once it is on disk; rejects, with nothing written, when it threw. */
  do<T>(name: string, work: Work<T>): Promise<T> {
    const asker = whoAsked();
    const marked = asker === undefined ? work : markedFor(asker, work);
    return new Promise<T>((resolve, reject) => {
      this.#inbox.push({ name, work: marked, resolve: resolve as Entry["resolve"], reject });
      this.nudge();
    });
  }

  /** Something may have become due. */
  nudge(): void {
    this.#wakeUp();
  }

  /** @param holdBack until `goOn`, only what is given is decided: it is not known yet on which configuration things begin */
  start({ holdBack = false } = {}): void {
    this.#holdsBack = holdBack;
    this.#loop = this.#run();
  }

  goOn(): void {
    this.#holdsBack = false;
    this.nudge();
  }

  now(): Instant {
    return this.#parts.clock.now();
  }

  /** Finishes the turn under way and stops. Jobs go on; what is not decided yet is decided by the next bot. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.nudge();
    await this.#loop;
    for (const entry of this.#inbox.splice(0)) entry.reject(new Stopping());
  }

  /** Nothing is being decided and nothing waits to be. */
  get resting(): boolean {
    return !this.#busy && this.#inbox.length === 0;
  }

  async #run(): Promise<void> {
    const { clock, paceMs } = this.#parts;
    while (!this.#stopping) {
      this.#busy = true;
      const began = clock.elapsed();
      const active = await this.#turn();
      // Let the world have its turn: sockets, children, timers. While there is much to do, turns are not taken more often
      // than this: what comes meanwhile is decided and committed together, which is what makes it cheap.
      const rest = active ? paceMs - (clock.elapsed() - began) : 0;
      await (rest > 1 && this.#inbox.length < WORKS_AT_ONCE ? wait(rest) : breathe());
      // Only a turn that found nothing to do shows that there is nothing to do.
      if (active || this.#inbox.length > 0) continue;
      this.#busy = false;
      await this.#sleep();
    }
  }

  async #sleep(): Promise<void> {
    const now = this.#parts.clock.now();
    const most = Math.min(this.#nextDue === undefined ? 60_000 : Math.max(0, this.#nextDue - now), 60_000);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, most);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#inbox.length > 0 || this.#stopping) this.#wakeUp();
    });
    this.#wakeUp = () => {};
  }

  /** @returns whether there was anything to do, and so there may be more */
  async #turn(): Promise<boolean> {
    const entries = this.#inbox.splice(0, WORKS_AT_ONCE);
    try {
      const active = await this.#commit(entries, this.#holdsBack ? 0 : ERRANDS_AT_ONCE);
      this.#nextDue = this.#holdsBack ? undefined : await this.#parts.store.queries.nextErrand(TURN_ERRANDS);
      if (this.stall.ended()) this.#parts.log.warn({}, "the store can be written again; nothing was lost");
      return active;
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        this.#inbox.unshift(...entries);
        await this.stall.wait(error, () => this.#stopping);
        return true;
      }
      this.#parts.log.error({ error: (error as Error).message }, "a turn failed; its parts are tried one by one");
      await this.#oneByOne(entries, error);
      return true;
    }
  }

  async #commit(entries: readonly Entry[], errands: number): Promise<boolean> {
    const { store, scene, clock } = this.#parts;
    const turned = await takeTurn(store, scene, clock.now(), {
      works: entries.map((entry) => entry.work),
      errands,
      limits: errands === 0 ? new Map() : this.#limits(),
    });
    this.#afterCommit(turned);
    for (const [index, entry] of entries.entries()) entry.resolve(turned.results[index] as never);
    return entries.length > 0 || turned.errands.length > 0 || turned.dispatched.length > 0;
  }

  /** Whatever threw is found and set aside, so that it keeps nobody else from going on. */
  async #oneByOne(entries: readonly Entry[], error: unknown): Promise<void> {
    if (error instanceof StaleWrite)
      this.#parts.log.error({ error: error.message }, "somebody else writes to this store");
    for (const entry of entries) {
      try {
        await this.#commit([entry], 0);
      } catch (fault) {
        if (fault instanceof StoreUnavailable) this.#inbox.unshift(entry);
        else {
          this.#parts.log.error({ work: entry.name, error: (fault as Error).stack }, "it was not done");
          entry.reject(fault);
        }
      }
    }
    if (error instanceof ErrandFailed) await this.#putOff(error);
  }

  async #putOff(failed: ErrandFailed): Promise<void> {
    const { kind, ref } = failed.errand;
    this.#parts.log.error(
      { errand: kind, ref, error: (failed.cause as Error).stack },
      "an errand failed; it is put off for a minute",
    );
    const putOff: Work = async (ledger) => {
      await ledger.transaction.finishErrand({ kind, ref });
      ledger.wake({ kind, ref }, ledger.now + PUT_OFF_MS);
      ledger.record({ kind: "bot", ref: `${kind} ${ref}`, event: "fault" }, { ...CALOPS, why: failed.message });
    };
    try {
      await this.#commit([{ name: "put off", work: putOff, resolve: () => {}, reject: () => {} }], 0);
    } catch {
      // The store is away: the errand is still on its list, and is tried again as soon as it is back.
    }
  }

  #limits(): Map<string, number> {
    return new Map(this.executors.all.map((executor) => [executor.name, this.executors.limitOf(executor)]));
  }

  #afterCommit({ ledger, dispatched }: Turned): void {
    const { standing } = this.scene;
    for (const { before, after } of ledger.movedTasks) standing.taskMoved(before, after);
    for (const usage of ledger.usages) standing.used(usage);
    for (const cancel of ledger.cancels) this.executors.cancel(cancel.executor, cancel.key);
    for (const { before, after } of ledger.movedJobs) {
      standing.lanes.step({ before, after });
      if (before?.key && isLive(before.state) && (!isLive(after.state) || after.key !== before.key))
        this.live.delete(before.key);
    }
    for (const { executor, order, attempt } of dispatched) {
      this.live.add({
        key: order.key,
        directory: order.directory,
        externalId: null,
        walltimeMs: order.walltimeMs,
        executor,
        jobId: attempt.jobId,
      });
    }
    this.executors.handOver(dispatched.map(({ executor, order }) => ({ executor, order })));
    this.#parts.onCommit(ledger);
  }
}

/** What changes something is marked, together with the change, at the request that asked for it. */
function markedFor<T>(asker: AskedBy, work: Work<T>): Work<T> {
  return async (ledger) => {
    const before = ledger.changes;
    const result = await work(ledger);
    if (ledger.changes === before || asker.begun) return result;
    const request = await ledger.ask((loads) => loads.request(asker.request));
    if (request?.state === "asked") ledger.put("requests", { ...request, state: "begun" });
    asker.begun = true;
    return result;
  };
}

/** Errands that ask the world before anything can be decided: locks that ask outside, evidence for alerts, retention of files. */
import { type ErrandKind, OUTSIDE_ERRANDS } from "../core/effect.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { DueErrand } from "../ports/loads.ts";
import type { Log } from "../ports/log.ts";
import type { Outside } from "../ports/outside.ts";
import type { Queries } from "../ports/queries.ts";
import { StoreUnavailable } from "../ports/store.ts";
import { prepareCampaign } from "./campaigns/preparing.ts";
import { publish } from "./constants/publishing.ts";
import { lookAtUses } from "./constants/uses.ts";
import { lookFor, takeFound } from "./constants/wants.ts";
import { handOver } from "./duty/hand-over.ts";
import type { Engine } from "./engine.ts";
import { declareTags } from "./environments/declare-tags.ts";
import type { Ledger } from "./ledger.ts";
import { plotsOf } from "./signoffs/plots.ts";
import { takeOut } from "./signoffs/take-out.ts";
import { raiseAlert } from "./stages/alert.ts";
import { gatherEvidence } from "./stages/alert-evidence.ts";
import { type AskSpec, type OutsideAnswer, takeAnswer } from "./stages/ask.ts";
import { RETENTION, tidyUp } from "./stages/tidy.ts";
import { type CarryParts, carryTicket } from "./tickets/carry.ts";

export type OutsideParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly outside: Outside;
  /** Checkouts go that no job and no environment needs any more. */
  readonly releaseCheckouts: () => Promise<void>;
  /** What is done for an errand about environments; it finishes the errand itself. */
  readonly environments: Readonly<Record<EnvironmentErrand, (ref: string) => Promise<unknown>>>;
  readonly tickets: Pick<CarryParts, "tracker" | "accountOf">;
  readonly clock: Clock;
  readonly log: Log;
};

export type EnvironmentErrand = "deploy" | "propose" | "status" | "revert";

const AT_ONCE = 8;
const AGAIN_AFTER_FAULT_MS = 60_000;

export class OutsideErrands {
  readonly #parts: OutsideParts;
  readonly #underWay = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #looking: Promise<void> | undefined;

  constructor(parts: OutsideParts) {
    this.#parts = parts;
  }

  get resting(): boolean {
    return this.#underWay.size === 0 && this.#looking === undefined;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Runs what is due and sets its alarm for what comes next. Called at start and whenever something was committed. */
  nudge(): void {
    if (this.#stopped || this.#looking) return;
    this.#looking = this.#look()
      .catch((error) =>
        this.#parts.log.error({ error: (error as Error).stack }, "errands outside could not be looked up"),
      )
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #look(): Promise<void> {
    const { queries, clock } = this.#parts;
    const free = AT_ONCE - this.#underWay.size;
    const due = free <= 0 ? [] : await queries.dueErrands(clock.now(), 4 * AT_ONCE, OUTSIDE_ERRANDS);
    for (const errand of due.filter((one) => !this.#underWay.has(nameOf(one))).slice(0, Math.max(0, free)))
      void this.#run(errand);
    const next = await queries.nextErrand(OUTSIDE_ERRANDS);
    clearTimeout(this.#timer);
    if (next === undefined || this.#stopped) return;
    const wait = Math.max(this.#underWay.size > 0 ? 1_000 : 20, next - clock.now());
    this.#timer = setTimeout(() => this.nudge(), Math.min(wait, 60_000));
  }

  async #run(errand: DueErrand): Promise<void> {
    this.#underWay.add(nameOf(errand));
    try {
      await this.#errand(errand);
    } catch (error) {
      if (error instanceof StoreUnavailable || this.#stopped) return;
      this.#parts.log.error(
        { errand: nameOf(errand), error: (error as Error).stack },
        "an errand failed; it is tried again in a minute",
      );
      await this.#parts.engine
        .do("put off", async (ledger) => {
          await ledger.transaction.finishErrand(errand);
          ledger.wake({ kind: errand.kind, ref: errand.ref }, ledger.now + AGAIN_AFTER_FAULT_MS);
        })
        .catch(() => {
          // Stopping, or the store is away: the errand stays on its list.
        });
    } finally {
      this.#underWay.delete(nameOf(errand));
      this.nudge();
    }
  }

  async #errand(errand: DueErrand): Promise<void> {
    const { engine, queries, repository, environments, clock } = this.#parts;
    switch (errand.kind) {
      case "alert": {
        const evidence = await gatherEvidence(queries, repository, engine.scene, Number(errand.ref));
        await engine.do("alert", (ledger) => raiseAlert(ledger, engine.scene, Number(errand.ref), evidence));
        return;
      }
      case "hand-over": {
        const done = await handOver(queries, engine.scene, errand, clock.now());
        await engine.do("hand over", (ledger) => done(ledger));
        return;
      }
      case "ask": {
        const answer = await this.#ask(errand.ref);
        await engine.do("answer", (ledger) => takeAnswer(ledger, errand.ref, answer));
        return;
      }
      case "want": {
        const found = await lookFor(queries, engine.scene.conditions, errand.ref);
        await engine.do("wanted constants", (ledger) => takeFound(ledger, errand.ref, found));
        return;
      }
      case "take-out":
        await takeOut({ engine, queries, conditions: engine.scene.conditions }, errand.ref);
        return;
      case "publish":
        await publish({ engine, queries, conditions: engine.scene.conditions }, errand.ref);
        return;
      case "constants": {
        const looked = await lookAtUses(queries, engine.scene.conditions, errand.ref);
        await engine.do("constants used", (ledger) => looked(ledger, engine.scene));
        return;
      }
      case "ticket":
        await carryTicket({ engine, queries, clock, ...this.#parts.tickets }, errand.ref);
        return;
      case "tidy": {
        const done = await tidyUp({ queries, scene: engine.scene, now: clock.now() }, errand.ref);
        if (errand.ref === RETENTION) await this.#parts.releaseCheckouts();
        await engine.do("tidy", (ledger: Ledger) => done(ledger));
        return;
      }
      case "plots": {
        const done = await plotsOf(queries, engine.scene.workspace, errand.ref);
        await engine.do("plots", (ledger) => done(ledger));
        return;
      }
      case "campaign":
        await prepareCampaign({ engine, queries }, errand.ref);
        return;
      case "tags":
        await declareTags(
          {
            engine,
            conditions: engine.scene.conditions,
            config: (name) => engine.scene.revisions.current(name).config,
          },
          errand.ref,
        );
        return;
      case "deploy":
      case "propose":
      case "status":
      case "revert":
        await environments[errand.kind](errand.ref);
        return;
      default:
        throw new Error(`${errand.kind} is an errand of a turn`);
    }
  }

  async #ask(key: string): Promise<OutsideAnswer> {
    const question = await this.#parts.queries.question(key);
    const spec = JSON.parse(question?.spec ?? "{}") as Partial<AskSpec>;
    try {
      if (spec.url) return { ok: true, value: await this.#parts.outside.fetchJson(spec.url) };
      if (spec.run) return { ok: true, value: await this.#parts.outside.runJson(spec.run, spec.isolated !== false) };
      return { ok: false, why: "the question is gone" };
    } catch (error) {
      return { ok: false, why: (error as Error).message };
    }
  }
}

function nameOf(errand: { readonly kind: ErrandKind; readonly ref: string }): string {
  return `${errand.kind} ${errand.ref}`;
}

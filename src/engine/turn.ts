/**
 * One turn of the engine: what came in, the errands that are due and the jobs that may be handed over, decided together and
 * committed at once. One commit for many decisions is what makes a decision cheap.
 */

import { ERRAND_KINDS, type ErrandKind, isOutside } from "../core/effect.ts";
import type { Instant } from "../core/time.ts";
import type { DueErrand } from "../ports/loads.ts";
import type { Store } from "../ports/store.ts";
import { Ledger } from "./ledger.ts";
import type { Scene } from "./scene.ts";
import { lookAtSignoff } from "./signoffs/look.ts";
import { admit } from "./stages/admit.ts";
import { advanceTask } from "./stages/advance-task.ts";
import { settleAlerts } from "./stages/alert.ts";
import { showGroup, wakeCards } from "./stages/card.ts";
import { completeGroup } from "./stages/complete-group.ts";
import { type Dispatched, dispatch } from "./stages/dispatch.ts";
import { judgeVersions } from "./stages/judge-versions.ts";
import { placeRun } from "./stages/place-run.ts";
import { renew } from "./stages/renew.ts";
import { retireTasks } from "./stages/retire-tasks.ts";
import { judgeCampaignStage } from "./stages/stage-lock.ts";
import { tellSubscribers, wakeSubscriptions } from "./stages/subscribed.ts";
import { tellDependents } from "./stages/tell-dependents.ts";
import { tick } from "./stages/tick.ts";
import { watchAlert } from "./stages/watch.ts";
import { keepCampaignTickets, wakeCampaignTickets } from "./tickets/campaign-tickets.ts";

/** Something to be decided that came from outside the engine: records, sightings, a person's command. */
export type Work<T = unknown> = (ledger: Ledger) => Promise<T>;

export const TURN_ERRANDS: readonly ErrandKind[] = ERRAND_KINDS.filter((kind) => !isOutside(kind));

export type TurnPlan = {
  readonly works: readonly Work[];
  /** At most so many. */
  readonly errands: number;
  /** How many jobs each executor may have in flight; dispatching is left out when it is empty. */
  readonly limits: ReadonlyMap<string, number>;
};

export type Turned = {
  readonly results: readonly unknown[];
  readonly ledger: Ledger;
  readonly errands: readonly DueErrand[];
  readonly dispatched: readonly Dispatched[];
};

/** An errand whose stage threw: the turn is rolled back, and the engine knows which one to put off. */
export class ErrandFailed extends Error {
  readonly errand: DueErrand;

  constructor(errand: DueErrand, cause: unknown) {
    super(`${errand.kind} ${errand.ref}: ${(cause as Error).message}`, { cause });
    this.name = "ErrandFailed";
    this.errand = errand;
  }
}

export async function takeTurn(store: Store, scene: Scene, now: Instant, plan: TurnPlan): Promise<Turned> {
  return await store.transact(async (tx) => {
    const ledger = new Ledger(tx, now, scene.chats());
    const results = [];
    for (const work of plan.works) results.push(await work(ledger));
    const errands: DueErrand[] = [];
    // What an errand asks for at once is run in the same turn: a run goes from its registry to its first jobs in one commit.
    while (errands.length < plan.errands) {
      const due = await ledger.ask(() => tx.takeErrands(now, plan.errands - errands.length, TURN_ERRANDS));
      if (due.length === 0) break;
      for (const errand of due) await run(ledger, scene, errand);
      errands.push(...due);
    }
    const dispatched = plan.limits.size === 0 ? [] : await dispatch(ledger, scene, plan.limits);
    wakeCards(ledger, scene);
    wakeCampaignTickets(ledger, scene);
    await wakeSubscriptions(ledger);
    await ledger.flush();
    return { results, ledger, errands, dispatched };
  });
}

async function run(ledger: Ledger, scene: Scene, errand: DueErrand): Promise<void> {
  try {
    await stageFor(ledger, scene, errand);
  } catch (error) {
    throw new ErrandFailed(errand, error);
  }
}

async function stageFor(ledger: Ledger, scene: Scene, errand: DueErrand): Promise<void> {
  switch (errand.kind) {
    case "run":
      return await placeRun(ledger, scene, errand.ref);
    case "tick":
      return await tick(ledger, scene, errand.ref, errand.at);
    case "group":
      return await completeGroup(ledger, scene, errand.ref);
    case "task":
      return await advanceTask(ledger, scene, errand.ref);
    case "dependents":
      return await tellDependents(ledger, scene, errand.ref);
    case "stage":
      return await judgeCampaignStage(ledger, scene, errand.ref);
    case "campaign-tickets":
      return await keepCampaignTickets(ledger, scene, errand.ref);
    case "admit":
      return await admit(ledger, scene, errand.ref);
    case "renew":
      return await renew(ledger, scene, errand.ref);
    case "watch":
      return await watchAlert(ledger, scene, errand.ref);
    case "subscribed":
      return await tellSubscribers(ledger, scene, errand.ref);
    case "settle":
      return await settleAlerts(ledger, errand.ref);
    case "signoff":
      return await lookAtSignoff(ledger, scene, errand.ref);
    case "card":
      return await showGroup(ledger, scene, errand.ref);
    case "dispatch":
      // Its moment is all there is to it: every turn dispatches.
      return;
    case "version":
      return await judgeVersions(ledger, scene, errand.ref);
    case "retire":
      return await retireTasks(ledger, errand.ref);
    default:
      throw new Error(`${errand.kind} is no errand of a turn`);
  }
}

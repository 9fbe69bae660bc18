/**
 * Carries one deployment out: reads its commit, says what it would change, asks whether anything stands in its way, and
 * switches. Everything that can fail comes before the switch, which is one commit of the store: a bot that dies in between
 * finds the old configuration in force and the deployment still to be done.
 */
import type { Issue } from "../../core/config/issue.ts";
import { type Deployment, isOpen } from "../../core/deployment/deployment.ts";
import { gatesOf } from "../../core/deployment/gates.ts";
import { fail, holdUp, succeed, supersede, takeBack } from "../../core/deployment/life.ts";
import { deployedDetail, mistakesDetail, planDetail } from "../../core/deployment/thread.ts";
import { PRODUCTION, shortCommit } from "../../core/environment/environment.ts";
import { settleOn } from "../../core/environment/life.ts";
import type { Detail } from "../../core/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ConfigRepository } from "../../ports/config-repository.ts";
import type { Log } from "../../ports/log.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Revision } from "../../ports/revisions.ts";
import { StoreUnavailable } from "../../ports/store.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";
import type { Production } from "../production.ts";
import { Stopping } from "../stopping.ts";
import { begin } from "./begin.ts";
import { showDeployment } from "./cards.ts";
import { channelOf } from "./channel.ts";
import { checkFitness, type Fit, NotFit } from "./fitness.ts";
import { type LoadedRevisions, releaseRevisions } from "./revisions.ts";
import type { RulesInForce } from "./rules-in-force.ts";
import type { TagDriftParts } from "./tag-drift.ts";

export type DeployingParts = TagDriftParts & {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly revisions: LoadedRevisions;
  readonly rules: RulesInForce;
  readonly production: Production;
  readonly clock: Clock;
  readonly log: Log;
};

const MOST_REMEMBERED = 20;

export type Carried = { readonly deployment: Deployment; readonly issues: readonly Issue[] };

export class Deploying {
  readonly #parts: DeployingParts;
  /** One at a time: what one would change depends on what another has changed. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What was wrong with commits that were just refused: whoever asked for one may look a moment later. */
  readonly #issues = new Map<number, readonly Issue[]>();

  constructor(parts: DeployingParts) {
    this.#parts = parts;
  }

  /** @returns how it stands then, also where there was nothing to do; undefined where there is none of that number */
  carryOut(id: number): Promise<Carried | undefined> {
    const done = this.#turn.then(() => this.#carryOut(id));
    this.#turn = done.catch(() => {});
    return done;
  }

  async #carryOut(id: number): Promise<Carried | undefined> {
    const { queries, engine, clock, log, revisions } = this.#parts;
    const began = clock.elapsed();
    const [deployment] = await queries.deploymentsById([id]);
    if (!deployment || !isOpen(deployment)) {
      await engine.do("deploy", (ledger) => ledger.transaction.finishErrand(errandOf(id)));
      return deployment && { deployment, issues: this.#issues.get(id) ?? [] };
    }
    try {
      const after = await revisions.holding(deployment.commit, async () => {
        const checked = await checkFitness(this.#parts, deployment);
        return await this.#goOn(deployment, checked, () => clock.elapsed() - began);
      });
      return after && { deployment: after, issues: [] };
    } catch (error) {
      if (error instanceof StoreUnavailable || error instanceof Stopping) throw error;
      const issues = error instanceof NotFit ? error.issues : [];
      if (!(error instanceof NotFit))
        log.error({ deployment: id, error: (error as Error).stack }, "a deployment failed");
      this.#remember(id, issues);
      const failed = await this.#fail(id, (error as Error).message, issues);
      return failed && { deployment: failed, issues };
    }
  }

  #remember(id: number, issues: readonly Issue[]): void {
    this.#issues.set(id, issues);
    const oldest = this.#issues.keys().next().value;
    if (this.#issues.size > MOST_REMEMBERED && oldest !== undefined) this.#issues.delete(oldest);
  }

  async #goOn(deployment: Deployment, checked: Fit, tookMs: () => number): Promise<Deployment | undefined> {
    const { engine, production, revisions, queries } = this.#parts;
    const name = deployment.environment;
    const isProduction = name === PRODUCTION;
    if (isProduction && (await this.#isFree(deployment, checked))) await production.openExecutors(checked.revision);
    const before = revisions.current(name);
    const had = revisions.environments.includes(name);
    let after: Deployment | undefined;
    try {
      after = await engine.do("deploy", (ledger) =>
        this.#switch(ledger, deployment.id, { ...checked, before, tookMs: tookMs() }),
      );
    } catch (error) {
      // Nothing was written, so nothing has changed.
      revisions.switchTo(name, had ? before : undefined);
      throw error;
    }
    if (after?.state !== "deployed") return after;
    production.adjust();
    if (isProduction) {
      await production.openChats(checked.revision);
      await production.openSources(checked.revision);
    }
    await releaseRevisions(revisions, queries);
    return after;
  }

  async #isFree(deployment: Deployment, checked: Fit): Promise<boolean> {
    const [environment] = await this.#parts.queries.environmentsNamed([deployment.environment]);
    const { rules } = this.#parts.rules;
    return (
      environment !== undefined &&
      gatesOf({ deployment, environment, rules, confirmations: checked.confirmations }, this.#parts.clock.now()).waiting
        .length === 0
    );
  }

  /** Judged once more within the unit that switches, by what stands committed. */
  async #switch(
    ledger: Ledger,
    id: number,
    { plan, revision, confirmations, before, tookMs }: Fit & { readonly before: Revision; readonly tookMs: number },
  ): Promise<Deployment | undefined> {
    const { engine, rules, revisions } = this.#parts;
    await ledger.transaction.finishErrand(errandOf(id));
    const deployment = await ledger.deployments.get(id);
    if (!deployment || !isOpen(deployment)) return deployment;
    const environment = await ledger.environment(deployment.environment);
    if (environment.commit !== deployment.from) {
      // Something else was deployed meanwhile: what it would change is another thing now.
      const again = { ...deployment, from: environment.commit };
      ledger.deployments.put(again);
      ledger.wake(errandOf(id));
      return again;
    }
    const gates = gatesOf({ deployment, environment, rules: rules.rules, confirmations }, ledger.now);
    if (gates.opensAt !== undefined) ledger.wake(errandOf(id), gates.opensAt);
    if (gates.waiting.length > 0) {
      const held = ledger.deployments.accept(holdUp(deployment, { plan, waiting: gates.waiting }));
      if (!held.ok) return deployment;
      await this.#show(ledger, held.next, [planDetail(held.next, plan)]);
      return held.next;
    }
    const running = await ledger.ask((loads) => loads.runningDeployment(environment.name));
    const previous = running && (await ledger.deployments.get(running.id));
    const done = ledger.deployments.accept(succeed(deployment, { plan, tookMs }, ledger.now), {
      by: deployment.requestedBy,
    });
    if (!done.ok) return deployment;
    const left =
      previous &&
      ledger.deployments.accept(
        deployment.kind === "rollback"
          ? takeBack(previous, `rolled back by ${deployment.requestedBy}: ${deployment.why ?? "no reason given"}`)
          : supersede(previous, `${shortCommit(deployment.commit)} took its place`, ledger.now),
      );
    if (left?.ok) await this.#show(ledger, left.next);
    for (const one of previous ? [done.next, previous] : [done.next])
      ledger.wake({ kind: "status", ref: String(one.id) });
    if (deployment.kind === "rollback" && previous) ledger.wake({ kind: "revert", ref: String(id) });
    ledger.environments.put(settleOn(environment, { commit: deployment.commit, ref: deployment.ref }, ledger.now));
    ledger.record(
      {
        kind: "environment",
        ref: environment.name,
        event: "deployed",
        commit: deployment.commit,
        detail: { deployment: id, subject: deployment.subject, author: deployment.author },
      },
      { by: deployment.requestedBy },
    );
    revisions.switchTo(environment.name, revision);
    await begin(ledger, engine.scene, environment.name, before, rules.rules.mirrors);
    await this.#show(ledger, done.next, [planDetail(done.next, plan), deployedDetail(done.next, tookMs)]);
    return done.next;
  }

  async #fail(id: number, why: string, issues: readonly Issue[]): Promise<Deployment | undefined> {
    return await this.#parts.engine.do("deploy failed", async (ledger) => {
      await ledger.transaction.finishErrand(errandOf(id));
      const deployment = await ledger.deployments.get(id);
      if (!deployment) return undefined;
      const failed = ledger.deployments.accept(fail(deployment, why, ledger.now));
      if (!failed.ok) return deployment;
      ledger.wake({ kind: "status", ref: String(id) });
      await this.#show(ledger, failed.next, mistakesDetail(failed.next, issues));
      return failed.next;
    });
  }

  async #show(ledger: Ledger, deployment: Deployment, details: readonly Detail[] = []): Promise<void> {
    const { engine, rules } = this.#parts;
    await showDeployment(ledger, channelOf(engine.scene, rules, deployment.environment), deployment, details);
  }
}

function errandOf(id: number): { readonly kind: "deploy"; readonly ref: string } {
  return { kind: "deploy", ref: String(id) };
}

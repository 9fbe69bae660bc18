/** The bot: everything in this folder put together and started, whatever it is connected to. */
import type { Actor } from "../core/command/command.ts";
import { ERRAND_KINDS, type ErrandKind } from "../core/effect.ts";
import { PRODUCTION, shortCommit } from "../core/environment/environment.ts";
import type { Guarded } from "../core/permission/rights.ts";
import type { Campaigns } from "../ports/campaigns.ts";
import type { CommandDesk } from "../ports/command-desk.ts";
import type { Duty } from "../ports/duty.ts";
import type { Environments } from "../ports/environments.ts";
import type { Linking } from "../ports/linking.ts";
import type { Operations } from "../ports/operations.ts";
import type { TagOperations } from "../ports/tag-operations.ts";
import type { BotParts } from "./bot-parts.ts";
import { announcedConditions } from "./constants/announced.ts";
import { constantsChanged } from "./constants/uses.ts";
import type { Connections } from "./doctor/connections.ts";
import { CALOPS } from "./doer.ts";
import { scheduleDuty } from "./duty/hand-over.ts";
import { Heart } from "./duty/heartbeat.ts";
import { Engine } from "./engine.ts";
import { type FollowedEnvironments, followEnvironments } from "./environments/environments.ts";
import { recall } from "./environments/recall.ts";
import { ReviewHost } from "./environments/review-host.ts";
import { LoadedRevisions } from "./environments/revisions.ts";
import { RulesInForce } from "./environments/rules-in-force.ts";
import { deedsOf, type PersonsDeeds } from "./guarded.ts";
import { idsAfter } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { campaignsOf } from "./operations/campaigns.ts";
import { dutyOf } from "./operations/duty.ts";
import { operationsOf } from "./operations/operations.ts";
import { tagOperationsOf } from "./operations/tags.ts";
import { OrderContexts } from "./order-contexts.ts";
import { OutsideErrands } from "./outside-errands.ts";
import { Production } from "./production.ts";
import type { Scene } from "./scene.ts";
import { SourceReaders } from "./source-readers.ts";
import { scheduleTicks } from "./stages/tick.ts";
import { RETENTION } from "./stages/tidy.ts";
import { Standing } from "./standing.ts";
import { takeOverJobs, takeOverSchedule } from "./takeover.ts";
import { Talk } from "./talk/talk.ts";
import { Tracker } from "./tickets/tracker.ts";

/** Nothing that waits for a batch system minds a hundredth of a second, and a commit for many decisions is cheap. */
const PACE_MS = 15;

/** Errands that come again and again: a bot with nothing else to do is quiet. */
const ALWAYS_DUE: readonly ErrandKind[] = ["tick", "ask", "want", "tidy", "watch", "hand-over", "signoff"];

export class Bot {
  readonly operations: Operations;
  readonly environments: Environments;
  readonly duty: Duty;
  readonly campaigns: Campaigns;
  readonly tags: TagOperations;
  readonly engine: Engine;
  readonly rules: RulesInForce;
  readonly talk: Talk;
  readonly desk: CommandDesk;
  /** Why production ran nothing when this bot had begun; undefined where it did run. */
  idleWhy: string | undefined;
  readonly #parts: BotParts;
  readonly #revisions: LoadedRevisions;
  readonly #followed: FollowedEnvironments;
  readonly #host: ReviewHost;
  readonly #tracker: Tracker;
  readonly #outsideErrands: OutsideErrands;
  readonly #readers: SourceReaders;
  readonly #production: Production;
  readonly #heart: Heart;
  #begun = false;

  private constructor(
    parts: BotParts,
    revisions: LoadedRevisions,
    rules: RulesInForce,
    scene: Scene,
    host: ReviewHost,
  ) {
    this.#parts = parts;
    this.#revisions = revisions;
    this.rules = rules;
    this.#host = host;
    this.#tracker = new Tracker(() => revisions.current(PRODUCTION).config.tickets, parts.openTracker);
    const { store, clock, log } = parts;
    const { queries } = store;
    this.engine = new Engine({
      store,
      scene,
      clock,
      log,
      paceMs: parts.paceMs ?? PACE_MS,
      onCommit: (ledger) => this.#committed(ledger),
    });
    const { engine } = this;
    this.talk = new Talk({ ...parts, engine, queries, rules, desk: () => this.desk });
    this.#readers = new SourceReaders({ engine, queries, log, config: () => revisions.current(PRODUCTION).config });
    this.#production = new Production({ ...parts, chats: this.talk, revisions, engine, readers: this.#readers });
    this.#followed = followEnvironments({
      ...parts,
      engine,
      queries,
      rules,
      revisions,
      production: this.#production,
      host: () => host.current(),
    });
    this.environments = this.#followed.people;
    this.#outsideErrands = new OutsideErrands({
      ...parts,
      engine,
      queries,
      releaseCheckouts: this.#followed.releaseCheckouts,
      environments: this.#followed.errands,
      tickets: {
        tracker: () => this.#tracker.current(),
        accountOf: (person) => this.#tracker.accountOf(person),
      },
    });
    this.duty = dutyOf(engine, queries);
    this.campaigns = campaignsOf({
      ...parts,
      engine,
      queries,
      revisions,
      follower: this.#followed.follower,
      host: () => host.current(),
    });
    this.#heart = new Heart({ ...parts, engine, rule: () => revisions.current(PRODUCTION).config.alerts.heartbeat });
    this.tags = tagOperationsOf({
      ...parts,
      conditions: engine.scene.conditions,
      engine,
      queries,
      config: (environment) => revisions.current(environment).config,
      since: clock.now(),
    });
    this.operations = operationsOf({
      engine,
      queries,
      since: clock.now(),
      version: parts.version,
      url: parts.url,
      chats: () => this.talk.condition,
    });
    this.desk = parts.makeDesk(this);
  }

  /**
   * Starts on what is deployed, or on the newest that the remote has where it answers at once. Rejects with `ConfigRefused`,
   * or with why, when nothing was ever deployed and what there is cannot be.
   */
  static async start(parts: BotParts): Promise<Bot> {
    const { queries, instance } = parts.store;
    const revisions = new LoadedRevisions(parts.repository, parts.kinds, parts.digest);
    const rules = new RulesInForce(parts.repository, parts.kinds);
    const host = new ReviewHost(rules, parts.openHost);
    await recall({ queries, revisions, rules, log: parts.log });
    const tallies = await queries.tallies();
    const processing = tallies.filter((tally) => tally.state === "processing");
    const scene: Scene = {
      revisions,
      workspace: parts.workspace,
      exporter: parts.exporter,
      conditions: announcedConditions(parts.conditions, ({ tag, report }) =>
        bot.engine.do("constants changed", (ledger) => constantsChanged(ledger, bot.engine.scene, tag, report)),
      ),
      standing: new Standing(await queries.lanes(), processing, await queries.usage()),
      contexts: new OrderContexts(),
      ids: idsAfter(await queries.highestIds()),
      digest: parts.digest,
      instance,
      isReviewed: () => rules.rules.host !== undefined,
      logUrl: parts.logUrl,
      outputUrl: parts.outputUrl,
      chats: () => bot.talk.chats.names,
      people: () => rules.people,
    };
    const bot: Bot = new Bot(parts, revisions, rules, scene, host);
    await bot.#begin();
    return bot;
  }

  /** Everything that can be done now has been done; what is left waits for the world, for people, or for a time that is further away. */
  async quiet(withinMs: number, { despiteJobs = false } = {}): Promise<boolean> {
    const { engine } = this;
    const { store, clock } = this.#parts;
    const busy = [engine, engine.executors, this.talk, this.#outsideErrands, this.#heart, this.#followed.follower].some(
      ({ resting }) => !resting,
    );
    if (busy || !this.#readers.quiet) return false;
    if ((engine.live.size > 0 && !despiteJobs) || engine.stall.why !== undefined) return false;
    const soon = clock.now() + withinMs;
    const next = await store.queries.nextErrand(ERRAND_KINDS.filter((kind) => !ALWAYS_DUE.includes(kind)));
    if (next !== undefined && next <= soon) return false;
    return !(await this.talk.hasDueBy(soon)) && engine.resting;
  }

  /** What people can do, as somebody may do it for one command. */
  deedsFor(actor: Actor, command: Guarded): PersonsDeeds & { readonly linking: Linking } {
    const { operations, environments, duty, campaigns, tags } = this;
    const { linking } = this.talk;
    const config = (environment: string) => this.#revisions.current(environment).config;
    const { queries } = this.#parts.store;
    return {
      ...deedsOf({ operations, environments, duty, campaigns, tags }, { queries, config }, actor, command),
      linking,
    };
  }

  /** What it is connected to now, for whoever wants to look at that. */
  get connections(): Connections {
    const { store, outside, clock, openSource } = this.#parts;
    const { config, checkout } = this.#revisions.current(PRODUCTION);
    return {
      config,
      rules: this.rules.rules,
      chats: this.talk.chats,
      executors: this.engine.executors.all,
      host: () => this.#host.current(),
      tracker: () => this.#tracker.current(),
      openSource: (name, declared) => openSource(name, declared, checkout),
      lastRead: (name) => store.queries.source(name),
      outside,
      now: clock.now,
    };
  }

  /** The config repository may have changed: looks at once. */
  hurry(): void {
    this.#followed.follower.hurry();
  }

  /** Looks at once whether something has become due: for whoever moves the clock. */
  nudge(): void {
    this.engine.nudge();
    this.talk.nudge();
    this.#outsideErrands.nudge();
    this.#heart.nudge();
  }

  async stop(): Promise<void> {
    this.#heart.stop();
    await this.#followed.follower.stop();
    await this.#readers.stop();
    this.#outsideErrands.stop();
    await this.talk.stop();
    await this.engine.stop();
    await this.talk.chats.close();
    await this.engine.executors.stop();
  }

  async #begin(): Promise<void> {
    const { store, clock, log } = this.#parts;
    const { engine } = this;
    await this.#production.openExecutors(this.#revisions.current(PRODUCTION));
    await this.#production.openChats(this.#revisions.current(PRODUCTION));
    this.#production.adjust();
    await takeOverJobs(engine, store.queries, this.#revisions);
    engine.start({ holdBack: true });
    try {
      await takeOverSchedule(engine, store.queries, log, clock.now());
      this.idleWhy = await this.#followed.takeNewest();
    } catch (error) {
      await this.stop();
      throw error;
    }
    const revision = this.#revisions.current(PRODUCTION);
    await engine.do("start", async (ledger) => {
      ledger.record({ kind: "environment", ref: PRODUCTION, event: "started", commit: revision.commit }, CALOPS);
      ledger.wake({ kind: "tidy", ref: RETENTION });
      for (const environment of this.#revisions.environments) ledger.wake({ kind: "tags", ref: environment });
      scheduleTicks(ledger, engine.scene, PRODUCTION);
      await scheduleDuty(ledger, engine.scene);
    });
    engine.goOn();
    this.#begun = true;
    await engine.executors.start();
    await this.talk.begin();
    this.#outsideErrands.nudge();
    await this.#production.openSources(revision);
    // A bot that died in the middle of a deployment may have left what nobody needs any more.
    await this.#followed.releaseCheckouts();
    this.#followed.follower.start();
    log.info({ commit: shortCommit(revision.commit), experiment: revision.config.experiment }, "calops runs");
  }

  #committed(ledger: Ledger): void {
    if (ledger.asksFor.messages) this.talk.nudge();
    if (ledger.asksFor.outside && this.#begun) this.#outsideErrands.nudge();
  }
}

/** The bot: everything in this folder put together and started, whatever it is connected to. */

import type { Kinds } from "../core/config/read-config.ts";
import { ERRAND_KINDS, type ErrandKind } from "../core/effect.ts";
import type { Digest } from "../core/job/key.ts";
import { redactor } from "../core/text/redact.ts";
import { formatDuration } from "../core/time.ts";
import { taskOf } from "../core/workflow/workflow.ts";
import type { Chat } from "../ports/chat.ts";
import type { Clock } from "../ports/clock.ts";
import type { Commit, ConfigRepository } from "../ports/config-repository.ts";
import type { Deployment } from "../ports/deployments.ts";
import type { Log } from "../ports/log.ts";
import type { Operations } from "../ports/operations.ts";
import type { Outside } from "../ports/outside.ts";
import type { Workspace } from "../ports/workspace.ts";
import { ConfigRefused, Deployer, PRODUCTION } from "./deployer.ts";
import { Engine } from "./engine.ts";
import { idsAfter } from "./ids.ts";
import { CALOPS, type Ledger } from "./ledger.ts";
import { operationsOf } from "./operations/operations.ts";
import { OrderContexts } from "./order-contexts.ts";
import { Outbox } from "./outbox.ts";
import { OutsideErrands } from "./outside-errands.ts";
import { Production, type ProductionParts } from "./production.ts";
import type { LogName, Scene } from "./scene.ts";
import { SourceReaders } from "./source-readers.ts";
import { scheduleTicks } from "./stages/tick.ts";
import { RETENTION } from "./stages/tidy.ts";
import { Standing } from "./standing.ts";

/** Nothing that waits for a batch system minds a hundredth of a second, and a commit for many decisions is cheap. */
const PACE_MS = 15;

/** Errands that come again and again: a bot with nothing else to do is quiet. */
const ALWAYS_DUE: readonly ErrandKind[] = ["tick", "ask", "tidy"];

export type BotParts = Omit<ProductionParts, "deployer" | "engine" | "readers"> & {
  readonly repository: ConfigRepository;
  readonly kinds: Kinds;
  readonly chat: Chat;
  readonly workspace: Workspace;
  readonly outside: Outside;
  readonly clock: Clock;
  readonly log: Log;
  readonly digest: Digest;
  readonly version: string;
  /** See `Engine`; short for tests. */
  readonly paceMs?: number;
  readonly logUrl: (log: LogName) => string;
  readonly url: () => string | null;
};

export class Bot {
  readonly operations: Operations;
  readonly engine: Engine;
  readonly #parts: BotParts;
  readonly #deployer: Deployer;
  readonly #outbox: Outbox;
  readonly #outsideErrands: OutsideErrands;
  readonly #readers: SourceReaders;
  readonly #production: Production;

  private constructor(parts: BotParts, deployer: Deployer, scene: Scene) {
    this.#parts = parts;
    this.#deployer = deployer;
    const { store, clock, log, chat, repository, outside } = parts;
    this.engine = new Engine({
      store,
      scene,
      clock,
      log,
      paceMs: parts.paceMs ?? PACE_MS,
      onCommit: (ledger) => this.#committed(ledger),
    });
    this.#outbox = new Outbox({
      engine: this.engine,
      queries: store.queries,
      chat,
      clock,
      log,
      redact: () => redactor(parts.secrets()),
    });
    this.#outsideErrands = new OutsideErrands({
      engine: this.engine,
      queries: store.queries,
      repository,
      outside,
      clock,
      log,
    });
    this.#readers = new SourceReaders({
      engine: this.engine,
      queries: store.queries,
      log,
      config: () => deployer.current(PRODUCTION).config,
    });
    this.#production = new Production({ ...parts, deployer, engine: this.engine, readers: this.#readers });
    this.operations = operationsOf({
      reload: (by) => this.#production.reload(by),
      engine: this.engine,
      queries: store.queries,
      environment: PRODUCTION,
      since: clock.now(),
      version: parts.version,
      url: parts.url,
    });
  }

  /**
   * Starts on the newest configuration that has no mistakes: the one of the repository, or the one that ran before.
   * Rejects with `ConfigRefused` when there is none.
   */
  static async start(parts: BotParts): Promise<Bot> {
    const deployer = new Deployer(parts.repository, parts.kinds);
    const { queries, instance } = parts.store;
    const first = await firstDeployment(parts, deployer);
    deployer.switchTo(first.deployment);
    for (const commit of await queries.commitsInUse()) {
      await deployer
        .load(commit)
        .catch((error) =>
          parts.log.warn(
            { commit, error: (error as Error).message },
            "tasks that began on this commit wait: it cannot be read",
          ),
        );
    }
    const tallies = await queries.tallies();
    const processing = tallies.filter((tally) => tally.state === "processing");
    const scene: Scene = {
      deployments: deployer,
      workspace: parts.workspace,
      standing: new Standing(await queries.lanes(), processing, await queries.usage()),
      contexts: new OrderContexts(),
      ids: idsAfter(await queries.highestIds()),
      digest: parts.digest,
      instance,
      logUrl: parts.logUrl,
    };
    const bot = new Bot(parts, deployer, scene);
    await bot.#begin(first.commit, first.refused);
    return bot;
  }

  /** Everything that can be done now has been done; what is left waits for the world, for people, or for a time that is further away. */
  async quiet(withinMs: number): Promise<boolean> {
    const { engine } = this;
    const { store, clock } = this.#parts;
    if (
      !engine.resting ||
      !engine.executors.resting ||
      !this.#outbox.resting ||
      !this.#outsideErrands.resting ||
      !this.#readers.quiet
    )
      return false;
    if (engine.live.size > 0 || engine.stall.why !== undefined) return false;
    const soon = clock.now() + withinMs;
    const next = await store.queries.nextErrand(ERRAND_KINDS.filter((kind) => !ALWAYS_DUE.includes(kind)));
    if (next !== undefined && next <= soon) return false;
    const [unsent] = await store.queries.unsentMessages(1);
    return (unsent === undefined || unsent.dueAt > soon) && engine.resting;
  }

  /** Looks at once whether something has become due: for whoever moves the clock. */
  nudge(): void {
    this.engine.nudge();
    this.#outbox.nudge();
    this.#outsideErrands.nudge();
  }

  async stop(): Promise<void> {
    await this.#readers.stop();
    this.#outsideErrands.stop();
    await this.#outbox.stop();
    await this.engine.stop();
    await this.engine.executors.stop();
  }

  async #begin(commit: Commit | undefined, refused: ConfigRefused | undefined): Promise<void> {
    const { store, clock, log } = this.#parts;
    const deployment = this.#deployer.current(PRODUCTION);
    await this.#production.adjust(deployment);
    await this.#rememberLive();
    this.engine.start();
    await this.#wind(await store.queries.lastWrite(), clock.now());
    await this.engine.do("start", async (ledger) => {
      ledger.put("facts", { name: "deployed", value: deployment.commit });
      ledger.record(
        {
          kind: "environment",
          ref: PRODUCTION,
          event: "started",
          commit: deployment.commit,
          detail: { subject: commit?.subject ?? null },
        },
        CALOPS,
      );
      ledger.wake({ kind: "tidy", ref: RETENTION });
      scheduleTicks(ledger, this.engine.scene, PRODUCTION);
    });
    await this.engine.executors.start();
    if (refused) await this.#production.tellRefused(refused);
    this.#outbox.nudge();
    this.#outsideErrands.nudge();
    await this.#production.openSources(deployment);
    log.info({ commit: deployment.commit, experiment: deployment.config.experiment }, "calops runs");
  }

  /** The jobs that an earlier bot left under way. */
  async #rememberLive(): Promise<void> {
    const { queries } = this.#parts.store;
    const attempts = await queries.liveAttempts();
    const jobs = new Map((await queries.jobs(attempts.map((attempt) => attempt.jobId))).map((job) => [job.id, job]));
    const tasks = new Map(
      (await queries.tasks([...new Set([...jobs.values()].map((job) => job.taskId))])).map((task) => [task.id, task]),
    );
    for (const attempt of attempts) {
      const task = tasks.get(jobs.get(attempt.jobId)?.taskId ?? 0);
      const definition =
        task && taskOf(this.#deployer.at(PRODUCTION, task.commit)?.config.workflows[task.workflow], task.name);
      this.engine.live.add({ ...attempt, walltimeMs: definition?.walltimeMs ?? Number.MAX_SAFE_INTEGER });
    }
  }

  /** Somebody set the clock back while the bot was away: what was to come in an hour is not to come in two. */
  async #wind(lastWrite: number | undefined, now: number): Promise<void> {
    const back = (lastWrite ?? now) - now;
    if (back < 2_000) return;
    this.#parts.log.warn({ back: formatDuration(back) }, "the clock was set back; what is scheduled is moved with it");
    await this.engine.do("clock", async (ledger) => {
      await ledger.transaction.advanceSchedule(back, now);
      ledger.record({ kind: "bot", ref: "clock", event: "set back" }, { ...CALOPS, why: formatDuration(back) });
    });
  }

  #committed(ledger: Ledger): void {
    if (ledger.asksFor.messages) this.#outbox.nudge();
    if (ledger.asksFor.outside) this.#outsideErrands.nudge();
  }
}

async function firstDeployment(
  parts: BotParts,
  deployer: Deployer,
): Promise<{ deployment: Deployment; commit?: Commit; refused?: ConfigRefused }> {
  const before = await parts.store.queries.fact("deployed");
  try {
    return await deployer.prepare();
  } catch (error) {
    if (before === undefined) throw error;
    parts.log.warn(
      { commit: before, error: (error as Error).message },
      "the newest configuration cannot be used; the one that ran before goes on",
    );
    const deployment = await deployer.load(before);
    return error instanceof ConfigRefused ? { deployment, refused: error } : { deployment };
  }
}

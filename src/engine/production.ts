/** The configuration in force: taking a newer one, and what follows from it for executors, run sources and waiting tasks. */
import type { Config, ExecutorConfig, SourceConfig } from "../core/config/config.ts";
import { plural, say } from "../core/say.ts";
import { redactor } from "../core/text/redact.ts";
import type { Commit } from "../ports/config-repository.ts";
import type { Deployment } from "../ports/deployments.ts";
import type { Executor } from "../ports/executor.ts";
import type { Operations } from "../ports/operations.ts";
import type { RunSource } from "../ports/run-source.ts";
import type { Store } from "../ports/store.ts";
import { ConfigRefused, type Deployer, PRODUCTION } from "./deployer.ts";
import type { Engine } from "./engine.ts";
import { CALOPS } from "./ledger.ts";
import type { SourceReaders } from "./source-readers.ts";
import { scheduleTicks } from "./stages/tick.ts";

export type ProductionParts = {
  readonly deployer: Deployer;
  readonly engine: Engine;
  readonly readers: SourceReaders;
  readonly store: Store;
  /** Values of secrets that the configuration names, to be kept out of everything that leaves. */
  readonly secrets: () => readonly string[];
  readonly openExecutor: (name: string, config: ExecutorConfig, everything: Config) => Promise<Executor>;
  /** `checkout`: the files of the commit that declares it. */
  readonly openSource: (name: string, config: SourceConfig, checkout: string) => Promise<RunSource>;
};

export class Production {
  readonly #parts: ProductionParts;
  /** Open sources, with the checkout that each was opened for. */
  readonly #sources = new Map<string, string>();

  constructor(parts: ProductionParts) {
    this.#parts = parts;
  }

  /** Takes the newest configuration, or says what is wrong with it and leaves the old one running. */
  async reload(by: string): ReturnType<Operations["reload"]> {
    const before = this.#parts.deployer.current(PRODUCTION);
    try {
      const { deployment, commit } = await this.#parts.deployer.prepare();
      if (deployment.commit === before.commit) return { ok: true, commit: commit.id, changed: false };
      await this.#switch(deployment, commit, by);
      return { ok: true, commit: commit.id, changed: true };
    } catch (error) {
      if (error instanceof ConfigRefused) {
        await this.tellRefused(error);
        return { ok: false, reason: "refused", issues: error.issues };
      }
      return { ok: false, reason: "unreachable", detail: (error as Error).message };
    }
  }

  async #switch(deployment: Deployment, commit: Commit, by: string): Promise<void> {
    this.#parts.deployer.switchTo(deployment);
    await this.adjust(deployment);
    await this.#parts.engine.do("deploy", async (ledger) => {
      ledger.put("facts", { name: "deployed", value: deployment.commit });
      ledger.record(
        {
          kind: "environment",
          ref: PRODUCTION,
          event: "deployed",
          commit: deployment.commit,
          detail: { subject: commit.subject, author: commit.author },
        },
        { by },
      );
      scheduleTicks(ledger, this.#parts.engine.scene, PRODUCTION);
      // What was held by the old configuration may go by the new one.
      const waiting = await ledger.ask((loads) => loads.waitingTasks(PRODUCTION));
      for (const task of waiting) ledger.wake({ kind: "task", ref: String(task) });
      for (const workflow of Object.keys(deployment.config.workflows))
        ledger.wake({ kind: "admit", ref: `${PRODUCTION} ${workflow}` });
      ledger.post(`deployed ${deployment.commit}`, deployment.config.channel, [
        say`Configuration ${deployment.commit.slice(0, 8)} by ${commit.author} is running: ${commit.subject}`,
      ]);
    });
    await this.openSources(deployment);
    await this.#parts.deployer.keepOnly(await this.#parts.store.queries.commitsInUse());
  }

  /** Sources that are new, or of another commit, are opened anew where they were; those that are gone are closed. */
  async openSources({ config, checkout }: Deployment): Promise<void> {
    for (const [name, opened] of this.#sources) {
      if (config.sources[name] && opened === checkout) continue;
      await this.#parts.readers.remove(name);
      this.#sources.delete(name);
    }
    for (const [name, source] of Object.entries(config.sources)) {
      if (this.#sources.has(name)) continue;
      this.#sources.set(name, checkout);
      this.#parts.readers.add(name, await this.#parts.openSource(name, source, checkout), source.everyMs);
    }
  }

  /** Executors and what failures are looked through for, as the configuration says. */
  async adjust(deployment: Deployment): Promise<void> {
    const { executors } = this.#parts.engine;
    for (const [name, config] of Object.entries(deployment.config.executors)) {
      if (executors.has(name)) executors.setLimit(name, config.limit);
      else executors.add(await this.#parts.openExecutor(name, config, deployment.config), config.limit);
    }
    const patterns = this.#parts.deployer.configs
      .flatMap((config) => Object.values(config.workflows))
      .flatMap((workflow) => workflow.tasks.flatMap((task) => task.errors.flatMap((rule) => rule.log ?? [])));
    executors.configure(patterns, redactor(this.#parts.secrets()));
  }

  async tellRefused(refused: ConfigRefused): Promise<void> {
    const { channel } = this.#parts.deployer.current(PRODUCTION).config;
    const [first] = refused.issues;
    await this.#parts.engine.do("refused", async (ledger) => {
      const words = first ? `${first.file}:${first.line}:${first.column}: ${first.what}; ${first.instead}` : "";
      const others = refused.issues.length > 1 ? ` and ${plural(refused.issues.length - 1, "more mistake")}` : "";
      ledger.post(`refused ${refused.commit}`, channel, [
        say`Configuration ${refused.commit.slice(0, 8)} is not deployed: ${words}${others}. The old one goes on running. See all with: calops validate`,
      ]);
      ledger.record(
        { kind: "environment", ref: PRODUCTION, event: "refused", commit: refused.commit },
        { ...CALOPS, why: words },
      );
    });
  }
}

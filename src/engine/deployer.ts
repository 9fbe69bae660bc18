/**
 * Which configuration runs. A new commit is checked out and checked before anything changes; one that does not pass leaves
 * the old one running. Configurations of older commits are kept as long as tasks that began on them are under way.
 */
import type { Config } from "../core/config/config.ts";
import type { Issue } from "../core/config/issue.ts";
import { type Kinds, readConfig } from "../core/config/read-config.ts";
import type { Commit, ConfigRepository } from "../ports/config-repository.ts";
import type { Deployment, Deployments } from "../ports/deployments.ts";

export const PRODUCTION = "production";

/** A configuration with mistakes: nothing was changed. */
export class ConfigRefused extends Error {
  readonly issues: readonly Issue[];
  readonly commit: string;

  constructor(commit: string, issues: readonly Issue[]) {
    super(
      `the configuration at ${commit.slice(0, 8)} has ${issues.length} ${issues.length === 1 ? "mistake" : "mistakes"}`,
    );
    this.name = "ConfigRefused";
    this.commit = commit;
    this.issues = issues;
  }
}

export class Deployer implements Deployments {
  readonly environments = [PRODUCTION];
  readonly #repository: ConfigRepository;
  readonly #kinds: Kinds;
  readonly #byCommit = new Map<string, Deployment>();
  #current: Deployment | undefined;

  constructor(repository: ConfigRepository, kinds: Kinds) {
    this.#repository = repository;
    this.#kinds = kinds;
  }

  current(_environment: string): Deployment {
    if (!this.#current) throw new Error("no configuration is deployed yet");
    return this.#current;
  }

  at(_environment: string, commit: string): Deployment | undefined {
    return this.#byCommit.get(commit);
  }

  get configs(): Config[] {
    return [...this.#byCommit.values()].map((deployment) => deployment.config);
  }

  /** Reads the newest commit without changing what runs. Rejects with `ConfigRefused` when it has mistakes. */
  async prepare(): Promise<{ deployment: Deployment; commit: Commit }> {
    const commit = await this.#repository.head();
    return { deployment: await this.load(commit.id), commit };
  }

  /** From now on new tasks begin on this one. */
  switchTo(deployment: Deployment): void {
    this.#current = deployment;
  }

  /** The configuration of a commit, as a task that began on it needs it. */
  async load(commit: string): Promise<Deployment> {
    const known = this.#byCommit.get(commit);
    if (known) return known;
    const checkout = await this.#repository.checkout(commit);
    const { config, issues } = readConfig(await this.#repository.read(checkout), this.#kinds);
    if (!config) throw new ConfigRefused(commit, issues);
    const deployment = { environment: PRODUCTION, commit, config, checkout };
    this.#byCommit.set(commit, deployment);
    return deployment;
  }

  /** Forgets configurations that nobody needs, and their checkouts. */
  async keepOnly(commits: readonly string[]): Promise<void> {
    const needed = new Set([...commits, ...(this.#current ? [this.#current.commit] : [])]);
    for (const commit of this.#byCommit.keys()) if (!needed.has(commit)) this.#byCommit.delete(commit);
    await this.#repository.keepOnly([...needed]);
  }
}

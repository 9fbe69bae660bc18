/**
 * The configurations in memory: what each environment runs, and those that tasks under way began on. A commit is checked out
 * and checked before anything changes; one that does not pass changes nothing.
 */
import type { Config } from "../../core/config/config.ts";
import { type Issue, inReadingOrder } from "../../core/config/issue.ts";
import type { Kinds } from "../../core/config/kinds.ts";
import { readConfig } from "../../core/config/read-config.ts";
import { type TreeEntry, treeMistakes } from "../../core/config/tree.ts";
import { asMirror } from "../../core/environment/as-mirror.ts";
import { branchOf, shortCommit } from "../../core/environment/environment.ts";
import type { MirrorRules } from "../../core/environment/rules.ts";
import type { Digest } from "../../core/job/key.ts";
import { plural } from "../../core/say.ts";
import { taskVersions, type Versions } from "../../core/workflow/version.ts";
import type { ConfigRepository } from "../../ports/config-repository.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Revision, Revisions } from "../../ports/revisions.ts";

/** A configuration with mistakes: nothing was changed. */
export class ConfigRefused extends Error {
  readonly issues: readonly Issue[];
  readonly commit: string;

  constructor(commit: string, issues: readonly Issue[]) {
    super(`the configuration at ${shortCommit(commit)} has ${plural(issues.length, "mistake")}`);
    this.name = "ConfigRefused";
    this.commit = commit;
    this.issues = issues;
  }
}

/** What a commit says, before it is known where it will run. */
export type Reading = {
  readonly commit: string;
  readonly config: Config;
  readonly tree: readonly TreeEntry[];
  readonly versions: Versions;
  readonly checkout: string;
};

/** Commits that were only looked at, as for a plan, are remembered for a while. */
const MOST_LOOKED_AT = 16;

export class LoadedRevisions implements Revisions {
  readonly #repository: ConfigRepository;
  readonly #kinds: Kinds;
  readonly #digest: Digest;
  readonly #current = new Map<string, Revision>();
  readonly #readings = new Map<string, Reading>();
  /** By kind of environment and commit: a mirror runs the same commit otherwise than production. */
  readonly #revisions = new Map<string, Revision>();
  readonly #nothing: Revision;
  /** Commits that somebody works on, as often as there are who do. */
  readonly #held: string[] = [];

  constructor(repository: ConfigRepository, kinds: Kinds, digest: Digest) {
    this.#repository = repository;
    this.#kinds = kinds;
    this.#digest = digest;
    this.#nothing = { commit: "", config: emptyConfig(kinds), checkout: "", versions: {}, mirror: undefined };
  }

  get environments(): readonly string[] {
    return [...this.#current.keys()];
  }

  current(environment: string): Revision {
    return this.#current.get(environment) ?? this.#nothing;
  }

  at(environment: string, commit: string): Revision | undefined {
    return this.#revisions.get(nameOf(environment, commit));
  }

  get configs(): Config[] {
    return [...this.#revisions.values()].map((revision) => revision.config);
  }

  /** From now on new tasks of the environment begin on this one; undefined where it has none any more. */
  switchTo(environment: string, revision: Revision | undefined): void {
    if (revision) this.#current.set(environment, revision);
    else this.#current.delete(environment);
  }

  retire(environment: string): void {
    this.#current.delete(environment);
  }

  /** The configuration of a commit as an environment runs it. Rejects with `ConfigRefused` when it has mistakes. */
  async load(environment: string, commit: string, mirrors: MirrorRules | undefined): Promise<Revision> {
    const known = this.at(environment, commit);
    if (known) return known;
    const isMirror = branchOf(environment) !== undefined;
    if (isMirror && !mirrors)
      throw new Error("environments.yaml declares no mirrors, so there is nothing to run it by");
    const reading = await this.read(commit);
    const revision = isMirror && mirrors ? mirrored(reading, mirrors) : { ...reading, mirror: undefined };
    this.#revisions.set(nameOf(environment, commit), revision);
    return revision;
  }

  /** The rules for mirrors are others: those that run go on by the new ones. */
  applyMirrorRules(mirrors: MirrorRules | undefined): void {
    if (!mirrors) return;
    for (const [name, { commit, mirror }] of this.#revisions) {
      const reading = this.#readings.get(commit);
      if (mirror && reading) this.#revisions.set(name, mirrored(reading, mirrors));
    }
    for (const [environment, { commit, mirror }] of this.#current)
      if (mirror) this.switchTo(environment, this.at(environment, commit));
  }

  /**
   * Reads a commit that was fetched. What must not be on this machine's disk is found before it is.
   * Rejects with `ConfigRefused` when it has mistakes.
   */
  async read(commit: string): Promise<Reading> {
    return this.#readings.get(commit) ?? (await this.holding(commit, () => this.#read(commit)));
  }

  async #read(commit: string): Promise<Reading> {
    const tree = await this.#repository.tree(commit);
    const mistakes = treeMistakes(tree);
    if (mistakes.length > 0) throw new ConfigRefused(commit, inReadingOrder(mistakes));
    const checkout = await this.#repository.checkout(commit);
    const { config, issues } = readConfig(await this.#repository.read(checkout), this.#kinds);
    if (!config) throw new ConfigRefused(commit, issues);
    const reading = { commit, config, tree, checkout, versions: taskVersions(config, tree, this.#digest) };
    this.#readings.set(commit, reading);
    this.#forgetOldest();
    return reading;
  }

  /** Works on a commit that may run nowhere yet: what is tidied up meanwhile leaves it where it is. */
  async holding<T>(commit: string, work: () => Promise<T>): Promise<T> {
    this.#held.push(commit);
    try {
      return await work();
    } finally {
      this.#held.splice(this.#held.indexOf(commit), 1);
    }
  }

  /** Forgets configurations that nobody needs, and their checkouts. */
  async keepOnly(commits: readonly string[]): Promise<void> {
    const current = [...this.#current.values()].map((revision) => revision.commit);
    const needed = new Set([...commits, ...current, ...this.#held]);
    for (const [name, { commit }] of this.#revisions) if (!needed.has(commit)) this.#revisions.delete(name);
    for (const commit of this.#readings.keys()) if (!needed.has(commit)) this.#readings.delete(commit);
    await this.#repository.keepOnly([...needed]);
  }

  #forgetOldest(): void {
    const inUse = new Set([...this.#revisions.values()].map((revision) => revision.commit));
    const lookedAt = [...this.#readings.keys()].filter((commit) => !inUse.has(commit));
    for (const commit of lookedAt.slice(0, Math.max(0, lookedAt.length - MOST_LOOKED_AT)))
      this.#readings.delete(commit);
  }
}

function mirrored(reading: Reading, mirrors: MirrorRules): Revision {
  const mirror = { isolated: mirrors.isolation === "required", jobs: mirrors.jobs };
  return { ...reading, config: asMirror(reading.config, mirrors), mirror };
}

function nameOf(environment: string, commit: string): string {
  return `${branchOf(environment) === undefined ? "production" : "mirror"} ${commit}`;
}

/** What an environment runs before anything was deployed to it. */
function emptyConfig(kinds: Kinds): Config {
  const { config } = readConfig(
    { texts: new Map([["calops.yaml", "experiment: calops\n"]]), programs: new Map() },
    kinds,
  );
  if (!config) throw new Error("the smallest configuration has mistakes");
  return config;
}

/** Forgets what no environment and no task under way needs. */
export async function releaseRevisions(revisions: LoadedRevisions, queries: Queries): Promise<void> {
  await revisions.keepOnly((await queries.commitsInUse()).map(({ commit }) => commit));
}

/**
 * Follows the remote: asks what stands there, brings what an environment should run, and requests its deployment. It never
 * deploys: that is for `deploying.ts`. What cannot be seen is unknown, and changes nothing.
 */
import { mirrorName, PRODUCTION } from "../../core/environment/environment.ts";
import { type Mirrors, mirrorsOf, target } from "../../core/environment/follow.ts";
import type { Clock } from "../../ports/clock.ts";
import { type Commit, type ConfigRepository, type Ref, type Refs, RemoteAway } from "../../ports/config-repository.ts";
import type { Log } from "../../ports/log.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Engine } from "../engine.ts";
import { unlinkGone } from "../operations/linking.ts";
import { Stopping } from "../stopping.ts";
import { noteHeads } from "./heads.ts";
import { Reachability } from "./reachability.ts";
import type { LoadedRevisions } from "./revisions.ts";
import { RULES_FACT, type RulesInForce } from "./rules-in-force.ts";
import { type AllSighted, graceOf, type Sighted, sightEnvironments } from "./sightings.ts";
import { rulesBrokenWords } from "./words.ts";

export type FollowerParts = {
  readonly repository: ConfigRepository;
  readonly rules: RulesInForce;
  readonly revisions: LoadedRevisions;
  readonly engine: Engine;
  readonly queries: Queries;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** From 0 to 1: so that many bots do not ask one server at the same moment. */
  readonly chance: () => number;
};

/** What one look at the remote came to. */
type Looked = "unchanged" | "changed" | "away";

const NONE: Mirrors = { mirrors: [], unsafe: [] };

/** What the remote had when all of it had been taken in. */
const SEEN_FACT = "remote seen";

/** Of the time between two looks, so much is left to chance. */
const JITTER = 0.2;

export class Follower {
  readonly #parts: FollowerParts;
  readonly #reachability: Reachability;
  /** A digest of the refs that were taken in whole, by this calops: another may read them otherwise. */
  #seen: string | undefined;
  #heads: Refs | undefined;
  #looking: Promise<Looked> | undefined;
  /** For all who ask while it looks: what changed after that look began may not be in it. */
  #next: Promise<Looked> | undefined;
  #fault: string | undefined;
  #looked = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#reachability = new Reachability(parts);
  }

  /** It has looked since it was started, and does not look now. */
  get resting(): boolean {
    return this.#looked && this.#looking === undefined && this.#next === undefined;
  }

  /** What the remote had when it was last seen. */
  get refs(): Refs | undefined {
    return this.#heads;
  }

  get answers(): boolean {
    return this.#reachability.answers;
  }

  /** Why it did not answer when it was asked last. */
  get trouble(): string {
    return this.#fault ?? this.#reachability.why;
  }

  /** From now on it looks by itself. A plain directory is looked at when somebody asks for it, since people save files half done. */
  start(): void {
    if (!this.#parts.repository.plain) this.#later();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking?.catch(() => {});
  }

  /** There may be something new: looks at once, and once more where it was just looking. */
  hurry(): void {
    void this.look();
  }

  /** Resolves when what the remote has now was taken in, or it is known that it does not answer. */
  async look(): Promise<Looked> {
    if (this.#stopped) return "away";
    if (this.#looking) {
      this.#next ??= this.#looking
        .catch(() => {})
        .then(() => {
          this.#next = undefined;
          return this.look();
        });
      return await this.#next;
    }
    this.#looking = this.#look();
    this.#fault = undefined;
    try {
      return await this.#looking;
    } catch (error) {
      if (!(error instanceof Stopping))
        this.#parts.log.error({ error: (error as Error).stack }, "the config repository could not be followed");
      this.#fault = (error as Error).message;
      return "away";
    } finally {
      this.#looking = undefined;
      this.#looked = true;
    }
  }

  #later(): void {
    if (this.#stopped) return;
    const { rules, chance } = this.#parts;
    const wait = rules.rules.pollMs * (1 - JITTER / 2 + JITTER * chance());
    this.#timer = setTimeout(() => void this.look().then(() => this.#later()), wait);
  }

  async #look(): Promise<Looked> {
    const { repository, engine, queries, version } = this.#parts;
    try {
      const refs = await repository.refs();
      await this.#reachability.answered();
      this.#heads = refs;
      const stamp = engine.scene.digest(JSON.stringify([version, refs]));
      this.#seen ??= (await queries.fact(SEEN_FACT)) ?? "";
      if (stamp === this.#seen) return (await this.#endOfGrace()) ? "changed" : "unchanged";
      const seen = (await this.#takeIn(refs)) ? stamp : "";
      if (seen !== this.#seen)
        await engine.do("seen", async (ledger) => ledger.put("facts", { name: SEEN_FACT, value: seen }));
      this.#seen = seen;
      return "changed";
    } catch (error) {
      if (!(error instanceof RemoteAway)) throw error;
      await this.#reachability.away(error.message);
      return "away";
    }
  }

  /** @returns whether everything that is wanted could be had */
  async #takeIn(refs: Refs): Promise<boolean> {
    const { engine, rules } = this.#parts;
    const head = refs.branches.find((branch) => branch.name === refs.head);
    if (head) await this.#takeRules(head);
    const sighted = await this.#sightings(refs);
    await engine.do("sighted", (ledger) => sightEnvironments(ledger, engine.scene, rules, sighted));
    if (rules.rules.host)
      await engine.do("heads", (ledger) =>
        noteHeads(
          ledger,
          refs,
          sighted.mirrors.map((one) => one.name),
        ),
      );
    return [sighted.production, ...sighted.mirrors].every((one) => one.trouble === null || one.final);
  }

  async #takeRules(head: Ref): Promise<void> {
    const { repository, rules, engine, revisions } = this.#parts;
    await repository.fetch(head);
    if (head.commit === rules.commit) return;
    const issues = await rules.take(head.commit);
    revisions.applyMirrorRules(rules.rules.mirrors);
    await engine.do("rules", async (ledger) => {
      if (issues.length === 0) {
        ledger.put("facts", { name: RULES_FACT, value: head.commit });
        await unlinkGone(ledger, rules.people);
      } else
        ledger.post(
          `rules ${head.commit}`,
          engine.scene.revisions.current(PRODUCTION).config.channel,
          rulesBrokenWords(head.commit, issues),
        );
    });
  }

  async #sightings(refs: Refs): Promise<AllSighted> {
    const { rules, repository } = this.#parts;
    // A directory has no tags and no branches: whatever the file says, production is what stands in it.
    const follow = repository.plain ? ({ kind: "branch", branch: undefined } as const) : rules.rules.production.follow;
    const wanted = target(follow, refs, refs.head);
    const production: Sighted =
      wanted.kind === "found"
        ? await this.#sight(PRODUCTION, wanted.ref)
        : { name: PRODUCTION, target: null, trouble: `${wanted.why}; ${wanted.instead}`, commit: null, final: true };
    const mirrors: Sighted[] = [];
    const wished =
      rules.rules.mirrors && !repository.plain ? mirrorsOf(rules.rules.mirrors, refs, refs.head, follow) : NONE;
    for (const ref of wished.mirrors)
      mirrors.push(await this.#sight(mirrorName(ref.name.slice("refs/heads/".length)), ref));
    return { production, mirrors, unsafe: wished.unsafe };
  }

  /** One ref that cannot be had keeps no other from being followed. */
  async #sight(name: string, ref: Ref): Promise<Sighted> {
    const { repository } = this.#parts;
    try {
      await repository.fetch(ref);
      const commit: Commit | undefined = await repository.commit(ref.commit);
      if (!commit) throw new RemoteAway(`${ref.name} leads to no commit`);
      return { name, target: { ref: ref.name, commit: commit.id }, trouble: null, commit, final: true };
    } catch (error) {
      if (!(error instanceof RemoteAway)) throw error;
      return { name, target: null, trouble: error.message, commit: null, final: false };
    }
  }

  /** Nothing moved at the remote, but time goes on: mirrors without a branch are archived one day. */
  async #endOfGrace(): Promise<boolean> {
    const { engine, rules, queries, clock } = this.#parts;
    const grace = graceOf(rules);
    const now = clock.now();
    const due = (await queries.environments()).some(
      ({ goneSince, archivedAt }) => goneSince !== null && archivedAt === null && goneSince + grace <= now,
    );
    if (!due || !this.#heads) return false;
    const sighted = await this.#sightings(this.#heads);
    await engine.do("sighted", (ledger) => sightEnvironments(ledger, engine.scene, rules, sighted));
    return true;
  }
}

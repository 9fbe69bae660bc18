/** What was seen at the remote becomes what environments should run, and the deployments that follow from it. */
import {
  branchOf,
  type Environment,
  mirrorName,
  PRODUCTION,
  shortCommit,
  shortRef,
  type Target,
} from "../../core/environment/environment.ts";
import { isOlder } from "../../core/environment/follow.ts";
import { archive, lose, sight } from "../../core/environment/life.ts";
import type { Commit } from "../../ports/config-repository.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { archivedRef } from "../stages/tidy.ts";
import { channelOf } from "./channel.ts";
import { requestDeployment, withdraw } from "./requests.ts";
import type { RulesInForce } from "./rules-in-force.ts";
import { archivedWords, noMirrorWords } from "./words.ts";

export type AllSighted = {
  readonly production: Sighted;
  readonly mirrors: readonly Sighted[];
  /** Branches that get no mirror for the sake of their names. */
  readonly unsafe: readonly { readonly name: string; readonly why: string }[];
};

const GRACE_MS = 604_800_000;

/** An environment as the remote has it now. */
export type Sighted = {
  readonly name: string;
  readonly target: Target | null;
  readonly trouble: string | null;
  /** The commit of the target. */
  readonly commit: Commit | null;
  /** Looking again would find the same. */
  readonly final: boolean;
};

export async function sightEnvironments(
  ledger: Ledger,
  scene: Scene,
  rules: RulesInForce,
  { production, mirrors, unsafe }: AllSighted,
): Promise<void> {
  for (const { name, why } of unsafe)
    ledger.post(`no mirror ${name}`, channelOf(scene, rules, mirrorName(name)), noMirrorWords(name, why));
  for (const sighted of [production, ...mirrors]) await sightOne(ledger, scene, rules, sighted);
  const seen = new Set(mirrors.map((mirror) => mirror.name));
  for (const { name } of await ledger.ask((loads) => loads.environments()))
    if (branchOf(name) !== undefined && !seen.has(name)) await sightGone(ledger, scene, rules, name);
}

async function sightOne(ledger: Ledger, scene: Scene, rules: RulesInForce, sighted: Sighted): Promise<void> {
  const before = await ledger.environment(sighted.name);
  // What cannot be had is not gone: the target stays what it was.
  const seen = sighted.final ? sighted : { target: before.target, trouble: sighted.trouble };
  const back = backwards(before, seen.target, rules);
  const decision = ledger.environments.accept(sight(before, back === null ? seen : { ...seen, trouble: back }));
  const environment = decision.ok ? decision.next : before;
  if (back === null && sighted.commit) await requestTarget(ledger, scene, rules, environment, sighted.commit);
}

/** A tag that is taken away must not bring an older version back by itself. */
function backwards(environment: Environment, to: Target | null, rules: RulesInForce): string | null {
  const { ref, commit } = environment;
  const { follow } = rules.rules.production;
  if (environment.name !== PRODUCTION || follow.kind !== "tag") return null;
  if (
    !to ||
    ref === null ||
    commit === to.commit ||
    !ref.startsWith("refs/tags/") ||
    !isOlder(to.ref, ref, follow.pattern)
  )
    return null;
  return `${shortRef(ref)}, which runs, is no tag of the repository any more, and ${shortRef(to.ref)} is older. To go back to it: deploy ${PRODUCTION} ${shortRef(to.ref)}`;
}

async function requestTarget(
  ledger: Ledger,
  scene: Scene,
  rules: RulesInForce,
  environment: Environment,
  commit: Commit,
): Promise<void> {
  const open = await ledger.deployments.ask((loads) => loads.openDeployments(environment.name));
  const outdated = open.filter((one) => one.commit !== commit.id && one.requestedBy === CALOPS.by);
  for (const one of outdated) await withdraw(ledger, one, `${shortCommit(commit.id)} came after it`);
  if (open.some((one) => one.commit === commit.id)) return;
  if (environment.commit === commit.id || !(await mayTry(ledger, environment, commit.id))) return;
  // A commit that is pinned came by no ref.
  const ref = environment.target?.ref === commit.id ? null : (environment.target?.ref ?? null);
  await requestDeployment(
    ledger,
    scene,
    rules,
    { environment: environment.name, commit, ref, kind: "deploy", why: null, consents: [] },
    CALOPS.by,
  );
}

/** One attempt a commit: what was refused or taken back, or what a person went away from, comes again only by a person. */
async function mayTry(ledger: Ledger, environment: Environment, commit: string): Promise<boolean> {
  if (environment.quarantine.some((one) => one.commit === commit)) return false;
  const last = await ledger.ask((loads) => loads.lastDeploymentOf(environment.name, commit));
  if (!last) return true;
  if (last.state === "superseded" && last.tookMs === null) return true;
  // A branch may go back and forth, and its mirror goes with it.
  return branchOf(environment.name) !== undefined && last.state !== "failed";
}

/** Also where mirrors are not declared any more: somebody may have taken away a line too many. */
export function graceOf({ rules }: RulesInForce): number {
  return rules.mirrors?.graceMs ?? GRACE_MS;
}

async function sightGone(ledger: Ledger, scene: Scene, rules: RulesInForce, name: string): Promise<void> {
  const environment = await ledger.environment(name);
  const why = rules.rules.mirrors
    ? "its branch is not at the remote any more"
    : "environments.yaml declares no mirrors any more";
  const lost = ledger.environments.accept(lose(environment, why, ledger.now));
  const gone = lost.ok ? lost.next : environment;
  if (gone.goneSince === null || gone.goneSince + graceOf(rules) > ledger.now) return;
  const archived = ledger.environments.accept(archive(gone, ledger.now));
  if (!archived.ok) return;
  for (const one of await ledger.deployments.ask((loads) => loads.openDeployments(name)))
    await withdraw(ledger, one, "its branch has gone");
  scene.revisions.retire(name);
  ledger.wake({ kind: "retire", ref: name });
  ledger.wake({ kind: "tidy", ref: archivedRef(name) });
  ledger.post(`archived ${name} ${ledger.now}`, channelOf(scene, rules, name), archivedWords(name, why));
}

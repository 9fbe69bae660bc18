/** What was seen at the remote becomes what environments should run, and the deployments that follow from it. */
import { mayTry, whyNotBack } from "../../core/environment/by-itself.ts";
import {
  branchOf,
  type Environment,
  mirrorName,
  shortCommit,
  type Target,
} from "../../core/environment/environment.ts";
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
  const stays = whyNotBack(before, seen.target, rules.rules.production.follow);
  const decision = ledger.environments.accept(sight(before, stays === undefined ? seen : { ...seen, trouble: stays }));
  const environment = decision.ok ? decision.next : before;
  if (stays === undefined && sighted.commit) await requestTarget(ledger, scene, rules, environment, sighted.commit);
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
  for (const one of outdated)
    await withdraw(ledger, scene, rules, one, { why: `${shortCommit(commit.id)} came after it` });
  if (open.some((one) => one.commit === commit.id)) return;
  if (environment.commit === commit.id) return;
  const last = await ledger.ask((loads) => loads.lastDeploymentOf(environment.name, commit.id));
  if (!mayTry(environment, commit.id, last)) return;
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
    await withdraw(ledger, scene, rules, one, { why: "its branch has gone" });
  scene.revisions.retire(name);
  ledger.wake({ kind: "retire", ref: name });
  ledger.wake({ kind: "tidy", ref: archivedRef(name) });
  ledger.post(`archived ${name} ${ledger.now}`, channelOf(scene, rules, name), archivedWords(name, why));
}

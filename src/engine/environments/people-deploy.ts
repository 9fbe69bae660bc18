/** A person asks for a deployment, or says yes to one that waits. */
import { consentsWith, mayApprove, sayYes, type Word } from "../../core/deployment/consents.ts";
import { isOpen } from "../../core/deployment/deployment.ts";
import { yesDetail } from "../../core/deployment/thread.ts";
import { branchOf, type Environment, shortCommit } from "../../core/environment/environment.ts";
import type { Commit } from "../../ports/config-repository.ts";
import type { DeployWish, Environments, Person } from "../../ports/environments.ts";
import type { Refusal } from "../../ports/operations.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";
import { showDeployment } from "./cards.ts";
import { channelOf } from "./channel.ts";
import type { Carried, Deploying } from "./deploying.ts";
import { type ResolvingParts, resolve } from "./refs.ts";
import { requestDeployment } from "./requests.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export type DeployParts = ResolvingParts & {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly rules: RulesInForce;
  readonly deploying: Deploying;
};

type DeployAnswer = Awaited<ReturnType<Environments["deploy"]>>;
type Refused = Extract<DeployAnswer, { ok: false }>;

export async function deploy(parts: DeployParts, wish: DeployWish, by: Person): Promise<DeployAnswer> {
  const { queries, engine, follower, deploying } = parts;
  const looked = await follower.look();
  const [environment] = await queries.environmentsNamed([wish.environment]);
  if (!environment) return { ok: false, reason: "unknown-environment" };
  if (environment.archivedAt !== null) return { ok: false, reason: "archived" };
  const wanted = wish.to === undefined ? await followed(parts, environment) : await resolve(parts, wish.to);
  if (!wanted.ok) return looked === "away" && wish.to === undefined ? { ok: false, reason: "unreachable" } : wanted;
  const { commit, ref } = wanted;
  if (environment.commit === commit.id) return { ok: false, reason: "already-deployed" };

  const open = (await queries.openDeployments(environment.name)).find((one) => one.commit === commit.id);
  // How it waits is known once it was looked at.
  const waiting = open && (await carried(deploying, open.id));
  if (waiting && !isOpen(waiting.deployment)) return { ok: true, ...waiting };
  const word = await wordOf(parts, { wish, by, environment, commit });
  const said = await engine.do("deploy", async (ledger): Promise<Said> => {
    // Another was deployed meanwhile: it comes with the work of others then.
    if ((await ledger.environment(environment.name)).commit !== environment.commit) return "outdated";
    const why = wish.why ?? null;
    if (waiting) return await agree(ledger, parts, waiting.deployment.id, { word, why });
    const asked = { environment: environment.name, commit, ref, kind: "deploy", why } as const;
    const consents = consentsWith(word, ledger.now);
    return await requestDeployment(ledger, engine.scene, parts.rules, { ...asked, consents }, by.id);
  });
  if (said === "outdated") return await deploy(parts, wish, by);
  return typeof said === "number" ? { ok: true, ...(await carried(deploying, said)) } : said;
}

/** The number of the deployment that is wanted now. */
type Said = number | "outdated" | Refused;

async function agree(
  ledger: Ledger,
  { engine, rules }: DeployParts,
  id: number,
  { word, why }: { readonly word: Word; readonly why: string | null },
): Promise<Said> {
  const deployment = await ledger.deployments.get(id);
  if (!deployment) throw new Error(`deployment ${id} is gone`);
  const said = ledger.deployments.accept(sayYes(deployment, word, ledger.now), {
    by: word.by,
    ...(why === null ? {} : { why }),
  });
  if (said.ok) {
    const fresh = said.next.consents.slice(deployment.consents.length);
    const channel = channelOf(engine.scene, rules, deployment.environment);
    await showDeployment(ledger, channel, said.next, yesDetail(said.next, fresh));
  }
  // What became of it without them is their answer.
  if (said.ok || said.reason === "already-ended") return id;
  return { ...said, reason: said.reason === "unchanged" ? "already-said" : said.reason, deployment };
}

async function wordOf(
  { rules: { rules, people }, repository }: DeployParts,
  of: {
    readonly wish: DeployWish;
    readonly by: Person;
    readonly environment: Environment;
    readonly commit: Commit;
  },
): Promise<Word> {
  const { wish, by, environment, commit } = of;
  const { requires } = rules.production;
  const approver = { ...by, known: people[by.id] };
  const word = { by: by.id, named: wish.to !== undefined, throughFreeze: wish.throughFreeze ?? false };
  if (!requires.approval || branchOf(environment.name) !== undefined) return { ...word, approves: undefined };
  const authors = requires.otherThanAuthor ? await repository.authors(environment.commit, commit.id) : [];
  return { ...word, approves: mayApprove(requires, approver, authors) };
}

/** How it stands once it was carried out, or is known to wait. */
export async function carried(deploying: Deploying, id: number): Promise<Carried> {
  const done = await deploying.carryOut(id);
  if (!done) throw new Error(`deployment ${id} is gone`);
  return done;
}

export type Followed =
  | { readonly ok: true; readonly commit: Commit; readonly ref: string | null }
  | Refusal<"nothing-to-deploy" | "unreachable">;

/** What an environment should run by its rules. */
export async function followed(
  { repository }: Pick<DeployParts, "repository">,
  { name, target, trouble, quarantine }: Environment,
): Promise<Followed> {
  if (target === null)
    return { ok: false, reason: "nothing-to-deploy", detail: trouble ?? "there is nothing to follow" };
  const bad = quarantine.find((one) => one.commit === target.commit);
  if (bad)
    return {
      ok: false,
      reason: "nothing-to-deploy",
      detail: `${shortCommit(bad.commit)} was taken back by ${bad.by}: ${bad.why}. To deploy it all the same: deploy ${name} ${shortCommit(bad.commit)}`,
    };
  const commit = await repository.commit(target.commit);
  return commit ? { ok: true, commit, ref: target.ref } : { ok: false, reason: "unreachable" };
}

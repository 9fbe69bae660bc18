/** A person asks for a deployment, or says yes to one that waits. */
import type { Issue } from "../../core/config/issue.ts";
import { type Consent, type Deployment, isOpen } from "../../core/deployment/deployment.ts";
import { consent } from "../../core/deployment/life.ts";
import { type Environment, shortCommit } from "../../core/environment/environment.ts";
import type { Commit, ConfigRepository } from "../../ports/config-repository.ts";
import { RemoteAway } from "../../ports/config-repository.ts";
import type { DeployWish, Environments, Person } from "../../ports/environments.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Engine } from "../engine.ts";
import type { Deploying } from "./deploying.ts";
import type { Follower } from "./follower.ts";
import { type Meant, meantBy } from "./refs.ts";
import { requestDeployment } from "./requests.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export type DeployParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly rules: RulesInForce;
  readonly follower: Follower;
  readonly deploying: Deploying;
};

type DeployAnswer = Awaited<ReturnType<Environments["deploy"]>>;
type Carried = { readonly ok: true; readonly deployment: Deployment; readonly issues: readonly Issue[] };

export async function deploy(parts: DeployParts, wish: DeployWish, by: Person): Promise<DeployAnswer> {
  const { queries, engine, follower, deploying } = parts;
  const looked = await follower.look();
  const [environment] = await queries.environmentsNamed([wish.environment]);
  if (!environment) return { ok: false, reason: "unknown-environment" };
  if (environment.archivedAt !== null) return { ok: false, reason: "archived" };
  const meant = await whatToDeploy(parts, environment, wish.to);
  if (!("commit" in meant))
    return looked === "away" && wish.to === undefined ? { ok: false, reason: "unreachable" } : meant;
  if (environment.commit === meant.commit.id) return { ok: false, reason: "already-deployed" };

  const open = (await queries.openDeployments(environment.name)).find((one) => one.commit === meant.commit.id);
  if (!open) {
    const id = await engine.do("request", (ledger) =>
      requestDeployment(
        ledger,
        engine.scene,
        parts.rules,
        {
          ...meant,
          environment: environment.name,
          kind: "deploy",
          why: wish.why ?? null,
          consents: consentsOf(wish, by, parts, meant.commit),
        },
        by.id,
      ),
    );
    return await carried(deploying, id);
  }
  // How it waits is known once it was looked at.
  await deploying.carryOut(open.id);
  const [waiting] = await queries.deploymentsById([open.id]);
  if (!waiting || !isOpen(waiting)) return { ok: true, deployment: waiting ?? open, issues: [] };
  const said = await sayYes(parts, waiting, wish, by);
  return said.ok ? await carried(deploying, open.id) : said;
}

/** A person's yes, to all that waits for one and that they may say it to. */
async function sayYes(
  { engine, rules }: DeployParts,
  deployment: Deployment,
  wish: DeployWish,
  by: Person,
): Promise<{ ok: true } | Extract<DeployAnswer, { ok: false }>> {
  const gates = new Set(deployment.waiting.map(({ gate }) => gate));
  if (wish.to === undefined && (gates.has("confirm") || gates.has("approval")))
    return { ok: false, reason: "name-the-commit", deployment };
  const to: Consent["to"][] = ["request"];
  if (gates.has("confirm")) to.push("confirm");
  if (wish.throughFreeze) to.push("through-freeze");
  const approval = gates.has("approval") ? mayApprove(rules, deployment, by) : undefined;
  if (approval === "yes") to.push("approve");
  const said = await engine.do("consent", async (ledger) => {
    const now = await ledger.deployments.get(deployment.id);
    return (
      now &&
      ledger.deployments.accept(consent(now, to, by.id, ledger.now), {
        by: by.id,
        ...(wish.why === undefined ? {} : { why: wish.why }),
      })
    );
  });
  if (approval !== undefined && approval !== "yes" && !gates.has("request") && !gates.has("confirm"))
    return { ok: false, reason: approval, deployment, detail: rules.rules.production.requires.approval?.role ?? "" };
  if (said && !said.ok && said.reason === "unchanged") return { ok: false, reason: "already-said", deployment };
  return { ok: true };
}

/** Whether this person's yes is the approval that the rules ask for. */
export function mayApprove(
  { rules, people }: RulesInForce,
  deployment: Pick<Deployment, "email" | "author">,
  by: Person,
): "yes" | "wrong-role" | "own-work" {
  const { approval, otherThanAuthor } = rules.production.requires;
  const known = people[by.id];
  const roles = [...by.roles, ...(known?.roles ?? [])];
  if (approval && !roles.includes(approval.role) && !by.owner) return "wrong-role";
  const isAuthor = known?.email?.toLowerCase() === deployment.email.toLowerCase() || known?.name === deployment.author;
  return otherThanAuthor && isAuthor ? "own-work" : "yes";
}

export async function carried(deploying: Deploying, id: number): Promise<Carried> {
  const done = await deploying.carryOut(id);
  if (!done) throw new Error(`deployment ${id} is gone`);
  return { ok: true, ...done };
}

async function whatToDeploy(
  parts: DeployParts,
  environment: Environment,
  to: string | undefined,
): Promise<{ commit: Commit; ref: string | null } | Extract<DeployAnswer, { ok: false }>> {
  if (to !== undefined) return found(await meant(parts, to), to);
  const { target, quarantine: kept, name } = environment;
  if (target === null)
    return { ok: false, reason: "nothing-to-deploy", detail: environment.trouble ?? "there is nothing to follow" };
  const bad = kept.find((one) => one.commit === target.commit);
  if (bad)
    return {
      ok: false,
      reason: "nothing-to-deploy",
      detail: `${shortCommit(bad.commit)} was taken back by ${bad.by}: ${bad.why}. To deploy it all the same: deploy ${name} ${shortCommit(bad.commit)}`,
    };
  const commit = await parts.repository.commit(target.commit);
  return commit ? { commit, ref: target.ref } : { ok: false, reason: "unreachable" };
}

export async function meant({ repository, follower }: DeployParts, word: string): Promise<Meant> {
  try {
    return await meantBy(word, repository, follower.refs);
  } catch (error) {
    if (!(error instanceof RemoteAway)) throw error;
    return { kind: "unknown" };
  }
}

export function found(
  meaning: Meant,
  word: string,
): { commit: Commit; ref: string | null } | { ok: false; reason: "unknown-ref" | "ambiguous-ref"; detail: string } {
  switch (meaning.kind) {
    case "found":
      return meaning;
    case "unknown":
      return { ok: false, reason: "unknown-ref", detail: word };
    case "ambiguous":
      return { ok: false, reason: "ambiguous-ref", detail: meaning.names.join(" or ") };
  }
}

function consentsOf(wish: DeployWish, by: Person, { rules, engine }: DeployParts, commit: Commit): Consent[] {
  const at = engine.now();
  const to: Consent["to"][] = ["request"];
  if (wish.throughFreeze) to.push("through-freeze");
  // Whoever names a commit has looked at it.
  if (wish.to !== undefined && rules.rules.production.requires.approval && mayApprove(rules, commit, by) === "yes")
    to.push("approve");
  return to.map((kind) => ({ to: kind, by: by.id, at }));
}

/** A deployment is asked for, or none is wanted any more: in both cases those who look at it are told. */
import type { Deployment } from "../../core/deployment/deployment.ts";
import { request, supersede } from "../../core/deployment/life.ts";
import type { Commit } from "../../ports/config-repository.ts";
import { CALOPS, type Doer } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { showDeployment } from "./cards.ts";
import { channelOf } from "./channel.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export type Wanted = Pick<Deployment, "environment" | "ref" | "kind" | "why" | "consents"> & {
  readonly commit: Commit;
};

/** @returns its number */
export async function requestDeployment(
  ledger: Ledger,
  scene: Scene,
  rules: RulesInForce,
  { environment, commit, ...wanted }: Wanted,
  by: string,
): Promise<number> {
  const { commit: from } = await ledger.environment(environment);
  const deployment = request(
    {
      ...wanted,
      id: scene.ids.deployment(),
      environment,
      from,
      requestedBy: by,
      commit: commit.id,
      author: commit.author,
      email: commit.email,
      subject: commit.subject,
    },
    ledger.now,
  );
  const { id, why } = deployment;
  ledger.deployments.put(deployment);
  ledger.record(
    { kind: "deployment", ref: id, event: "requested", commit: commit.id },
    { by, ...(why === null ? {} : { why }) },
  );
  await showDeployment(ledger, channelOf(scene, rules, environment), deployment);
  ledger.wake({ kind: "deploy", ref: String(id) });
  ledger.wake({ kind: "status", ref: String(id) });
  return id;
}

/** One that is open need not be carried out any more. */
export async function withdraw(
  ledger: Ledger,
  scene: Scene,
  rules: RulesInForce,
  open: Deployment,
  { why, doer = CALOPS }: { readonly why: string; readonly doer?: Doer },
): Promise<void> {
  const withdrawn = ledger.deployments.accept(supersede(open, why, ledger.now), doer);
  if (!withdrawn.ok) return;
  ledger.wake({ kind: "status", ref: String(open.id) });
  await showDeployment(ledger, channelOf(scene, rules, open.environment), withdrawn.next);
}

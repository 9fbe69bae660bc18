/** A person takes a deployment back. */
import { backTo } from "../../core/deployment/back-to.ts";
import { quarantine } from "../../core/environment/life.ts";
import type { Environments, Person } from "../../ports/environments.ts";
import { carried, type DeployParts } from "./people-deploy.ts";
import { resolve } from "./refs.ts";
import { requestDeployment, withdraw } from "./requests.ts";

/** Further back nobody looks for what was good. */
const MOST_LOOKED_BACK = 200;

export async function rollback(
  parts: DeployParts,
  wish: { readonly environment: string; readonly to?: string | undefined; readonly why: string },
  by: Person,
): ReturnType<Environments["rollback"]> {
  const { queries, engine, deploying, repository } = parts;
  const [environment] = await queries.environmentsNamed([wish.environment]);
  if (!environment || environment.archivedAt !== null) return { ok: false, reason: "unknown-environment" };
  const named = wish.to === undefined ? undefined : await resolve(parts, wish.to);
  if (named && !named.ok) return named;
  const deployments = await queries.deploymentPage({ environment: environment.name, limit: MOST_LOOKED_BACK });
  const back = backTo(environment, deployments, named?.commit.id);
  if (!back.ok) return back;
  const commit = named?.commit ?? (await repository.commit(back.deployment.commit));
  if (!commit) return { ok: false, reason: "nothing-before" };
  const good = { commit, ref: named?.ref ?? back.deployment.ref };
  const id = await engine.do("rollback", async (ledger) => {
    // From this moment on nothing picks it by itself, whatever becomes of the way back.
    const now = await ledger.environment(environment.name);
    ledger.environments.put(quarantine(now, back.from, by.id, wish.why, ledger.now));
    ledger.record(
      { kind: "environment", ref: now.name, event: "quarantined", commit: back.from },
      { by: by.id, why: wish.why },
    );
    for (const one of await ledger.deployments.ask((loads) => loads.openDeployments(environment.name)))
      if (one.commit === back.from || one.kind === "rollback")
        await withdraw(ledger, engine.scene, parts.rules, one, {
          why: `${by.id} rolled back`,
          doer: { by: by.id },
        });
    return await requestDeployment(
      ledger,
      engine.scene,
      parts.rules,
      { ...good, environment: environment.name, kind: "rollback", why: wish.why, consents: [] },
      by.id,
    );
  });
  return { ok: true, ...(await carried(deploying, id)) };
}

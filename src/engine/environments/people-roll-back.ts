/** A person takes a deployment back. */
import type { Environment } from "../../core/environment/environment.ts";
import { quarantine } from "../../core/environment/life.ts";
import type { Commit } from "../../ports/config-repository.ts";
import type { Environments, Person } from "../../ports/environments.ts";
import { carried, type DeployParts, found, meant } from "./people-deploy.ts";
import { requestDeployment, withdraw } from "./requests.ts";

type RollbackAnswer = Awaited<ReturnType<Environments["rollback"]>>;

export async function rollback(
  parts: DeployParts,
  wish: { readonly environment: string; readonly to?: string | undefined; readonly why: string },
  by: Person,
): Promise<RollbackAnswer> {
  const { queries, engine, deploying } = parts;
  const [environment] = await queries.environmentsNamed([wish.environment]);
  if (!environment || environment.archivedAt !== null) return { ok: false, reason: "unknown-environment" };
  const good = await whereBackTo(parts, environment, wish.to);
  if (!("commit" in good)) return good;
  const bad = environment.commit;
  if (bad === null) return { ok: false, reason: "nothing-before" };
  if (good.commit.id === bad) return { ok: false, reason: "already-deployed" };
  const id = await engine.do("rollback", async (ledger) => {
    // From this moment on nothing picks it by itself, whatever becomes of the way back.
    const now = await ledger.environment(environment.name);
    ledger.environments.put(quarantine(now, bad, by.id, wish.why, ledger.now));
    ledger.record(
      { kind: "environment", ref: now.name, event: "quarantined", commit: bad },
      { by: by.id, why: wish.why },
    );
    for (const one of await ledger.deployments.ask((loads) => loads.openDeployments(environment.name)))
      if (one.commit === bad || one.kind === "rollback")
        await withdraw(ledger, one, `${by.id} rolled back`, { by: by.id });
    return await requestDeployment(
      ledger,
      engine.scene,
      parts.rules,
      { ...good, environment: environment.name, kind: "rollback", why: wish.why, consents: [] },
      by.id,
    );
  });
  return await carried(deploying, id);
}

async function whereBackTo(
  parts: DeployParts,
  environment: Environment,
  to: string | undefined,
): Promise<{ commit: Commit; ref: string | null } | Extract<RollbackAnswer, { ok: false }>> {
  const ran = (await parts.queries.deploymentPage({ environment: environment.name, limit: 200 })).filter(
    (one) => one.tookMs !== null,
  );
  if (to !== undefined) {
    const wanted = found(await meant(parts, to), to);
    if (!("commit" in wanted)) return wanted;
    const earlier = ran.find((one) => one.commit === wanted.commit.id);
    return earlier ? { ...wanted, ref: wanted.ref ?? earlier.ref } : { ok: false, reason: "never-ran" };
  }
  const bad = new Set([environment.commit, ...environment.quarantine.map((one) => one.commit)]);
  const last = ran.find((one) => one.state === "superseded" && !bad.has(one.commit));
  const commit = last && (await parts.repository.commit(last.commit));
  return commit ? { commit, ref: last.ref } : { ok: false, reason: "nothing-before" };
}

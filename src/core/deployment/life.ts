/**
 * The life of a deployment. To check its commit and to switch to it are one step: nothing in between is ever on disk.
 *
 *   requested  -> waiting | deployed | failed   its commit was checked: a gate is closed, all are open, or it has mistakes
 *   waiting    -> deployed | failed             the last gate opened
 *   requested | waiting -> superseded           another commit came before it was its turn
 *   deployed   -> superseded                    a later deployment took its place
 *   deployed   -> rolled-back                   somebody took it back
 */
import { become, type Decision, refuse } from "../decision.ts";
import { wake } from "../effect.ts";
import type { Plan } from "../plan/plan.ts";
import type { Instant } from "../time.ts";
import { type Consent, type Deployment, type Gate, isOpen } from "./deployment.ts";

export type Request = Pick<
  Deployment,
  "id" | "environment" | "commit" | "ref" | "from" | "kind" | "requestedBy" | "why" | "author" | "email" | "subject"
> & { readonly consents?: readonly Consent[] };

export function request(wanted: Request, now: Instant): Deployment {
  return {
    consents: [],
    ...wanted,
    state: "requested",
    reason: null,
    waiting: [],
    plan: null,
    requestedAt: now,
    endedAt: null,
    tookMs: null,
    version: 0,
  };
}

/** It was checked, and gates are closed. */
export function holdUp(
  deployment: Deployment,
  found: { readonly plan: Plan; readonly waiting: readonly Gate[] },
): Decision<Deployment, "unchanged" | "already-ended"> {
  if (!isOpen(deployment)) return refuse("already-ended");
  // What ran meanwhile may be another commit: the plan that people look at is then another one, too.
  const samePlan = deployment.plan !== null && deployment.plan.from === found.plan.from;
  const same = deployment.state === "waiting" && samePlan && sameGates(deployment.waiting, found.waiting);
  if (same) return refuse("unchanged");
  const reason = found.waiting.map((gate) => gate.detail).join("; ");
  return become(deployment, { ...found, state: "waiting", reason }, { event: "waits", why: reason });
}

export function succeed(
  deployment: Deployment,
  done: { readonly plan: Plan; readonly tookMs: number },
  now: Instant,
): Decision<Deployment, "already-ended"> {
  if (!isOpen(deployment)) return refuse("already-ended");
  const change = { ...done, state: "deployed", reason: null, waiting: [], endedAt: now } as const;
  return become(deployment, change, { event: deployment.kind === "rollback" ? "rolled back" : "deployed" });
}

/** Its commit cannot be deployed. It is not tried again by itself. */
export function fail(deployment: Deployment, why: string, now: Instant): Decision<Deployment, "already-ended"> {
  if (!isOpen(deployment)) return refuse("already-ended");
  return become(
    deployment,
    { state: "failed", reason: why, waiting: [], endedAt: now },
    { event: deployment.kind === "rollback" ? "rollback failed" : "refused", why },
  );
}

/** Another one takes its place, whether it was running or had not come to that. */
export function supersede(
  deployment: Deployment,
  by: string,
  now: Instant,
): Decision<Deployment, "not-open-and-not-deployed"> {
  if (!isOpen(deployment) && deployment.state !== "deployed") return refuse("not-open-and-not-deployed");
  const change = { state: "superseded", reason: by, waiting: [], endedAt: deployment.endedAt ?? now } as const;
  return become(deployment, change, { event: "superseded", why: by });
}

export function takeBack(deployment: Deployment, why: string): Decision<Deployment, "not-deployed"> {
  if (deployment.state !== "deployed") return refuse("not-deployed");
  return become(deployment, { state: "rolled-back", reason: why }, { event: "taken back", why });
}

/** A person says something to it; saying it again is saying it once. */
export function consent(
  deployment: Deployment,
  to: readonly Consent["to"][],
  by: string,
  now: Instant,
): Decision<Deployment, "already-ended" | "unchanged"> {
  if (!isOpen(deployment)) return refuse("already-ended");
  const fresh = [...new Set(to)].filter((kind) => !deployment.consents.some((one) => one.to === kind && one.by === by));
  if (fresh.length === 0) return refuse("unchanged");
  const consents = [...deployment.consents, ...fresh.map((kind) => ({ to: kind, by, at: now }))];
  return become(deployment, { consents }, { event: "consented", detail: { to: fresh } }, [
    wake("deploy", deployment.id, now),
  ]);
}

function sameGates(a: readonly Gate[], b: readonly Gate[]): boolean {
  return (
    a.length === b.length && a.every((one, index) => one.gate === b[index]?.gate && one.detail === b[index]?.detail)
  );
}

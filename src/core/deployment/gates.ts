/** What a deployment must have before it is carried out, in the order in which people are told. */

import { branchOf, type Environment, shortCommit } from "../environment/environment.ts";
import { frozenUntil } from "../environment/freeze-windows.ts";
import { isFrozen } from "../environment/life.ts";
import type { EnvironmentRules } from "../environment/rules.ts";
import { plural } from "../say.ts";
import { type Instant, iso } from "../time.ts";
import type { Deployment, Gate } from "./deployment.ts";

export type GateFacts = {
  readonly deployment: Deployment;
  readonly environment: Environment;
  readonly rules: EnvironmentRules;
  /** Why a person has to look at it: what its plan takes away, a history that was rewritten, a tag that was moved. */
  readonly confirmations: readonly string[];
};

export type Gates = {
  readonly waiting: readonly Gate[];
  /** When one of them may open by itself. */
  readonly opensAt: Instant | undefined;
};

/**
 * A rollback goes through everything but somebody's lock: it is what people do under stress. A mirror is its branch's: nobody
 * is asked, and only what a person put in the way of it is in its way.
 */
export function gatesOf(facts: GateFacts, now: Instant): Gates {
  const { deployment, environment } = facts;
  const deploys = deployment.kind === "deploy";
  const freeze = deploys ? freezeGate(facts, now) : { closed: [], opensAt: undefined };
  const judged = deploys && isProduction(environment);
  const rules = judged ? [...requestGate(facts), ...confirmGate(facts), ...approvalGate(facts)] : [];
  const closed = [...rules, ...freeze.closed, ...lockGate(deployment, environment)];
  return {
    waiting: closed.map((gate) => ({ ...gate, since: closedSince(deployment, gate) ?? now })),
    opensAt: freeze.opensAt,
  };
}

type Closed = Omit<Gate, "since">;

function requestGate({ deployment, rules }: GateFacts): Closed[] {
  if (rules.production.deploy === "automatic" || said(deployment, "request")) return [];
  return [
    {
      gate: "request",
      detail: `it is deployed when somebody asks for it: ${howTo(deployment)}`,
      owner: "anyone who may deploy",
    },
  ];
}

function confirmGate({ deployment, confirmations }: GateFacts): Closed[] {
  if (confirmations.length === 0 || said(deployment, "confirm")) return [];
  return [
    {
      gate: "confirm",
      detail: `${confirmations.join("; ")}. If that is meant: ${howTo(deployment)}`,
      owner: "anyone who may deploy",
    },
  ];
}

function approvalGate({ deployment, rules }: GateFacts): Closed[] {
  const { approval } = rules.production.requires;
  if (!approval) return [];
  const missing =
    approval.count - new Set(deployment.consents.filter((one) => one.to === "approve").map((one) => one.by)).size;
  if (missing <= 0) return [];
  return [
    {
      gate: "approval",
      detail: `${plural(missing, "approval")} by the role ${approval.role} missing: ${howTo(deployment)}`,
      owner: approval.role,
    },
  ];
}

function freezeGate(
  { deployment, environment, rules }: GateFacts,
  now: Instant,
): { closed: Closed[]; opensAt: Instant | undefined } {
  if (said(deployment, "through-freeze")) return { closed: [], opensAt: undefined };
  const windows = isProduction(environment) ? rules.production.freezes : [];
  const window = frozenUntil(windows, now);
  const freeze = isFrozen(environment, now) ? environment.freeze : null;
  const closed: Closed[] = [];
  if (window)
    closed.push({
      gate: "freeze",
      detail: `frozen until ${iso(window.until)} by environments.yaml: ${window.reason}`,
      owner: "environments.yaml",
    });
  if (freeze)
    closed.push({
      gate: "freeze",
      detail: `frozen until ${iso(freeze.until)} by ${freeze.by}: ${freeze.why}`,
      owner: freeze.by,
    });
  const ends = [window, freeze].flatMap((one) => (one ? [one.until] : []));
  if (ends.length === 0) return { closed, opensAt: undefined };
  // A window may begin where a person's freeze ends.
  const end = Math.max(...ends);
  return { closed, opensAt: frozenUntil(windows, end)?.until ?? end };
}

function lockGate(deployment: Deployment, { name, lock }: Environment): Closed[] {
  if (lock === null || lock.by === deployment.requestedBy || deployment.consents.some((one) => one.by === lock.by))
    return [];
  return [
    { gate: "lock", detail: `locked by ${lock.by}: ${lock.why}. It is free with: unlock ${name}`, owner: lock.by },
  ];
}

/** It is the same gate as long as it is the same person's; how it stands may have changed meanwhile. */
function closedSince({ waiting }: Deployment, gate: Closed): Instant | undefined {
  return waiting.find((one) => one.gate === gate.gate && one.owner === gate.owner)?.since;
}

function said({ consents }: Deployment, to: "request" | "confirm" | "through-freeze"): boolean {
  return consents.some((one) => one.to === to);
}

function isProduction({ name }: Environment): boolean {
  return branchOf(name) === undefined;
}

function howTo({ environment, commit }: Deployment): string {
  return `deploy ${environment} ${shortCommit(commit)}`;
}

/**
 * The life of a sign-off.
 *
 *   asked    -> asked       somebody whose yes is needed gave it, and others are still to; asked again, brought to somebody else
 *   asked    -> approved    everybody whose yes is needed has given it, in the declared order; the rule does so at once
 *   asked    -> rejected    somebody who may sign it said no
 *   asked    -> lapsed      its task was made anew, skipped or merged, or the time was up: there is nothing to sign any more
 *   approved -> revoked     somebody takes it back: what was made from it is stale
 */
import { become, type Decision, refuse } from "../decision.ts";
import { wake } from "../effect.ts";
import { ITSELF } from "../history.ts";
import type { Instant } from "../time.ts";
import { currentStep, type MayNot, mayRefuse, maySign, type Voter } from "./may-sign.ts";
import type { Signoff, Vote } from "./signoff.ts";

type Of = Pick<
  Signoff,
  | "id"
  | "environment"
  | "campaign"
  | "workflow"
  | "task"
  | "groupKey"
  | "taskId"
  | "attempt"
  | "commit"
  | "verdict"
  | "shown"
  | "steps"
  | "samePerson"
  | "authors"
  | "dueAt"
>;

export function ask(of: Of, why: string, now: Instant): Decision<Signoff> {
  const asked: Signoff = {
    ...of,
    state: "asked",
    reason: why,
    votes: [],
    reminders: 0,
    remindedAt: null,
    escalatedAt: null,
    overdueAt: null,
    askedAt: now,
    turnSince: now,
    endedAt: null,
    version: 0,
  };
  return become(asked, {}, { event: "asked", why }, [wake("signoff", of.taskId, now), wake("plots", of.id, now)]);
}

/** What is within its limits is signed as it is declared, with the numbers that it was. */
export function signByRule(of: Of, why: string, now: Instant): Decision<Signoff> {
  const asked = ask(of, why, now);
  if (!asked.ok) return asked;
  const votes: Vote[] = of.steps.map((_, step) => ({ by: ITSELF, step, vote: "approve", why, at: now }));
  return become(asked.next, { state: "approved", votes, endedAt: now }, { event: "approved", why });
}

type NotNow = "not-asked" | "moved";

/** @param shown what the voter had before their eyes */
export function approve(
  signoff: Signoff,
  { voter, shown, why }: { readonly voter: Voter; readonly shown: string; readonly why: string | null },
  now: Instant,
): Decision<Signoff, NotNow | MayNot> {
  if (signoff.state !== "asked") return refuse("not-asked", signoff.state);
  if (signoff.shown !== shown) return refuse("moved");
  const may = maySign(signoff, voter);
  if (!may.ok) return may;
  const vote: Vote = { by: voter.id, step: may.step, vote: "approve", why, at: now };
  const votes = [...signoff.votes, vote];
  const happening = { ...(why === null ? {} : { why }), detail: { step: may.step } };
  // Whoever's turn is next is asked anew, with all their time.
  const next = currentStep({ steps: signoff.steps, votes });
  if (next !== undefined) {
    const turned = next === may.step ? {} : { turnSince: now, escalatedAt: null };
    return become(signoff, { votes, ...turned }, { event: "signed", ...happening }, [
      wake("signoff", signoff.taskId, now),
    ]);
  }
  return become(signoff, { state: "approved", votes, reason: why, endedAt: now }, { event: "approved", ...happening });
}

export function reject(
  signoff: Signoff,
  { voter, shown, why }: { readonly voter: Voter; readonly shown: string; readonly why: string },
  now: Instant,
): Decision<Signoff, NotNow | "not-theirs"> {
  if (signoff.state !== "asked") return refuse("not-asked", signoff.state);
  if (signoff.shown !== shown) return refuse("moved");
  if (!mayRefuse(signoff, voter)) return refuse("not-theirs");
  const vote: Vote = { by: voter.id, step: currentStep(signoff) ?? 0, vote: "reject", why, at: now };
  const change = { state: "rejected", votes: [...signoff.votes, vote], reason: why, endedAt: now } as const;
  return become(signoff, change, { event: "rejected", why });
}

export function lapse(signoff: Signoff, why: string, now: Instant): Decision<Signoff, "not-asked"> {
  if (signoff.state !== "asked") return refuse("not-asked", signoff.state);
  return become(signoff, { state: "lapsed", reason: why, endedAt: now }, { event: "lapsed", why });
}

/** What there is to look at is otherwise now: who has said yes to something else is asked again. */
export function showAnew(signoff: Signoff, shown: string, why: string): Decision<Signoff, "not-asked" | "unchanged"> {
  if (signoff.state !== "asked") return refuse("not-asked", signoff.state);
  if (signoff.shown === shown) return refuse("unchanged");
  return become(signoff, { shown, votes: [] }, { event: "moved", why });
}

export type Reminding = "remind" | "escalate" | "late";

/** Whoever is to sign is told so again, or somebody else is, or everybody that it is late. */
export function tellAgain(signoff: Signoff, how: Reminding, now: Instant): Decision<Signoff, "not-asked"> {
  if (signoff.state !== "asked") return refuse("not-asked", signoff.state);
  switch (how) {
    case "remind":
      return become(signoff, { reminders: signoff.reminders + 1, remindedAt: now }, { event: "reminded" });
    case "escalate":
      return become(signoff, { escalatedAt: now }, { event: "escalated" });
    case "late":
      return become(signoff, { overdueAt: now }, { event: "late" });
  }
}

export function revoke(
  signoff: Signoff,
  voter: Voter,
  why: string,
  now: Instant,
): Decision<Signoff, "not-approved" | "not-theirs"> {
  if (signoff.state !== "approved") return refuse("not-approved", signoff.state);
  if (!mayRefuse(signoff, voter)) return refuse("not-theirs");
  return become(signoff, { state: "revoked", reason: why, endedAt: now }, { event: "revoked", why });
}

/** Whose word counts for a sign-off, and in which step. */
import { type Refused, refuse } from "../decision.ts";
import { stepInWords } from "./rule.ts";
import type { Signoff, SignoffStep, Vote } from "./signoff.ts";

export type Voter = {
  /** As people.yaml names them. */
  readonly id: string;
  readonly roles: readonly string[];
  /** Runs the bot: no role is asked of them. */
  readonly owner: boolean;
};

export type MayNot =
  /** None of the roles and persons that the step names. */
  | "not-theirs"
  /** It is their own work: somebody else must look at it. */
  | "own-work"
  /** They have signed this step. */
  | "signed-already"
  /** They have signed another step, and two people are wanted. */
  | "signed-other-step";

/** The step whose turn it is; undefined once all are taken. */
export function currentStep({ steps, votes }: Pick<Signoff, "steps" | "votes">): number | undefined {
  const index = steps.findIndex((step, at) => approvalsOf(votes, at).length < step.approvals);
  return index < 0 ? undefined : index;
}

export function approvalsOf(votes: readonly Vote[], step: number): Vote[] {
  return votes.filter((vote) => vote.vote === "approve" && vote.step === step);
}

/** @returns the step that their yes would count for */
export function maySign(
  signoff: Signoff,
  voter: Voter,
): { readonly ok: true; readonly step: number } | Refused<MayNot> {
  const step = currentStep(signoff) ?? signoff.steps.length - 1;
  const wanted = signoff.steps[step];
  const own = signoff.votes.filter(({ by, vote }) => by === voter.id && vote === "approve");
  if (own.some((vote) => vote.step === step)) return refuse("signed-already");
  if (!wanted || !isOf(wanted, voter)) return refuse("not-theirs", wanted && stepInWords(wanted));
  if (signoff.authors.includes(voter.id)) return refuse("own-work");
  if (own.length > 0 && !signoff.samePerson) return refuse("signed-other-step");
  return { ok: true, step };
}

/** A no counts from whoever could sign in any step, also from those who made it: it only keeps something from being used. */
export function mayRefuse({ steps }: Pick<Signoff, "steps">, voter: Voter): boolean {
  return steps.some((step) => isOf(step, voter));
}

function isOf({ role, deputies }: SignoffStep, { id, roles, owner }: Voter): boolean {
  return owner || [role, ...deputies].some((name) => name === id || roles.includes(name));
}

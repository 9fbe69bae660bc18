/** Which yes a person's word is: to what of all that a deployment waits for, and whether it is theirs to say. */
import type { Config } from "../config/config.ts";
import { type Decision, refuse } from "../decision.ts";
import type { ProductionRules } from "../environment/rules.ts";
import { wroteBy } from "../person/author.ts";
import type { Instant } from "../time.ts";
import type { Consent, Deployment, Gate } from "./deployment.ts";
import { consent } from "./life.ts";

/** What a person says when they ask for a deployment. */
export type Word = {
  readonly by: string;
  /** They named what is to be deployed; whoever does has looked at it. */
  readonly named: boolean;
  readonly throughFreeze: boolean;
  /** Whether their yes is the approval that the rules ask for; undefined where these ask for none. */
  readonly approves: Approves | undefined;
};

type Approves = "yes" | "wrong-role" | "own-work";

export type Approver = {
  readonly roles: readonly string[];
  /** Runs the bot: no role is asked of them. */
  readonly owner: boolean;
  /** As people.yaml knows them. */
  readonly known: Config["people"][string] | undefined;
};

/** @param authors of everything that would come with it. Whoever wrote any of that approves their own work */
export function mayApprove(
  { approval, otherThanAuthor }: ProductionRules["requires"],
  { roles, owner, known }: Approver,
  authors: readonly Pick<Deployment, "author" | "email">[],
): Approves | undefined {
  if (!approval) return undefined;
  if (!owner && ![...roles, ...(known?.roles ?? [])].includes(approval.role)) return "wrong-role";
  const wrote = known && authors.some((one) => wroteBy(known, one));
  return otherThanAuthor && wrote ? "own-work" : "yes";
}

/** To a deployment that they ask for with this word. Why it would have to be looked at is not known yet. */
export function consentsWith({ by, named, throughFreeze, approves }: Word, now: Instant): Consent[] {
  const to: Consent["to"][] = ["request"];
  if (throughFreeze) to.push("through-freeze");
  if (named && approves === "yes") to.push("approve");
  return to.map((kind) => ({ to: kind, by, at: now }));
}

/** To one that waits: all at once, so that people need one word. A word that opens nothing where an approval is missing is none. */
export function sayYes(
  deployment: Deployment,
  word: Word,
  now: Instant,
): Decision<Deployment, "already-ended" | "unchanged" | "name-the-commit" | "wrong-role" | "own-work"> {
  const { waiting } = deployment;
  const { by, named, throughFreeze, approves } = word;
  const approval = waiting.find(({ gate }) => gate === "approval");
  const confirm = waiting.find(({ gate }) => gate === "confirm");
  if (!named && (approval || confirm)) return refuse("name-the-commit");
  if (approval && approves && approves !== "yes" && !waiting.some((gate) => opens(gate, word)))
    return refuse(approves, approval.owner);
  const to: Consent["to"][] = ["request"];
  if (confirm) to.push("confirm");
  if (throughFreeze) to.push("through-freeze");
  if (approval && approves === "yes") to.push("approve");
  return consent(deployment, to, by, now);
}

function opens({ gate, owner }: Gate, { by, throughFreeze, approves }: Word): boolean {
  switch (gate) {
    case "request":
    case "confirm":
      return true;
    case "approval":
      return approves === "yes";
    case "freeze":
      return throughFreeze;
    case "lock":
      return owner === by;
  }
}

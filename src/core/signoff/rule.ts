/** Who is to sign a task's results, as the configuration declares it, and what the rule signs without anybody. */
import type { Target } from "../alert/rules.ts";
import type { Expression } from "../expression/expression.ts";
import type { Metrics } from "../job/outputs.ts";
import { formatDuration, type Instant } from "../time.ts";
import { findingsInWords, type Judgement, type Verdict } from "../validation/judgement.ts";
import type { SignoffStep } from "./signoff.ts";

export type SignoffRule = {
  /** At least one. */
  readonly steps: readonly SignoffStep[];
  /** Whether one person may sign in several steps. */
  readonly samePerson: boolean;
  /** Over `metrics` and `verdict`: what holds is signed by the rule, unless a threshold asks for a person. */
  readonly auto: Expression | undefined;
  /** Asked for again so often while nobody signs. */
  readonly remindMs: number | undefined;
  readonly escalate: { readonly afterMs: number; readonly to: Target } | undefined;
  readonly due: SignoffDue | undefined;
  /** What becomes of it when the time is up: it is told to be late, or it lapses and its task fails. */
  readonly whenDue: "wait" | "fail";
};

/** So long after it was asked, or after the end of the newest run of its group: a release waits for no one. */
export type SignoffDue = { readonly afterMs: number; readonly from: "asked" | "release" };

export type Outcome =
  /** Nobody has to sign anything. */
  | { readonly kind: "none" }
  | { readonly kind: "sign"; readonly why: string }
  | { readonly kind: "ask"; readonly why: string };

/**
 * @param rule undefined where the task declares none
 * @param judgement undefined where it declares no thresholds
 */
export function outcomeOf(
  rule: SignoffRule | undefined,
  judgement: Pick<Judgement, "verdict" | "findings"> | undefined,
  metrics: Metrics,
): Outcome {
  if (judgement && judgement.verdict !== "accept") return { kind: "ask", why: findingsInWords(judgement.findings) };
  if (!rule) return { kind: "none" };
  if (!rule.auto) return { kind: "ask", why: "it is declared to be signed by people" };
  const answer = rule.auto.ask({ metrics, verdict: verdictInRule(judgement?.verdict) });
  if (!answer.known) return { kind: "ask", why: `${rule.auto.text} cannot be decided: ${answer.why}` };
  if (answer.value !== true) return { kind: "ask", why: `${rule.auto.text} does not hold` };
  return { kind: "sign", why: `${rule.auto.text} holds${numbersInWords(rule.auto, metrics)}` };
}

/** What `verdict` is in a rule; `none` where nothing is declared that could say one. */
function verdictInRule(verdict: Verdict | undefined): string {
  return verdict ?? "none";
}

/** ` (max_shift_ps 1.4)`: those that the rule read. */
function numbersInWords({ text }: Expression, metrics: Metrics): string {
  const read = Object.entries(metrics).filter(([name]) => new RegExp(`\\b${escaped(name)}\\b`).test(text));
  return read.length === 0 ? "" : ` (${read.map(([name, value]) => `${name} ${value}`).join(", ")})`;
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Where thresholds ask for a person and nobody says for whom: whoever the workflow is of. */
export function ruleOfOwner(owner: string): SignoffRule {
  return {
    steps: [{ role: owner, deputies: [], approvals: 1 }],
    samePerson: false,
    auto: undefined,
    remindMs: undefined,
    escalate: undefined,
    due: undefined,
    whenDue: "wait",
  };
}

/** @param newestEnd the end of the newest run; undefined while it is not known, and then it counts from now */
export function dueAt(due: SignoffDue | undefined, newestEnd: Instant | undefined, now: Instant): Instant | null {
  if (!due) return null;
  return (due.from === "release" ? (newestEnd ?? now) : now) + due.afterMs;
}

/** `timing-expert, then 2 of run-manager (or ann)` */
export function stepsInWords(steps: readonly SignoffStep[]): string {
  return steps.map(stepInWords).join(", then ");
}

export function stepInWords({ role, deputies, approvals }: SignoffStep): string {
  const others = deputies.length === 0 ? "" : ` (or ${deputies.join(", ")})`;
  return `${approvals === 1 ? "" : `${approvals} of `}${role}${others}`;
}

/** `48h after the end of the run` */
export function dueInWords({ afterMs, from }: SignoffDue): string {
  return `${formatDuration(afterMs)} after ${from === "release" ? "the end of the run" : "it is asked"}`;
}

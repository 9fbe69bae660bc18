/** How it changed who must say yes to a task's results, and what nobody looks at. */
import { targetInWords } from "../alert/rules.ts";
import { dueInWords, type SignoffRule, stepsInWords } from "../signoff/rule.ts";
import { conditionChanges } from "./condition.ts";
import { asked, given, type JudgedChange, judge } from "./judged.ts";
import { type Settings, settings } from "./settings.ts";
import { length } from "./written.ts";

export function signoffChanges(
  of: string,
  before: SignoffRule | undefined,
  after: SignoffRule | undefined,
): JudgedChange[] {
  const steps = { of, what: "signoff" };
  if (!before || !after) return asked(steps, given(before, inWords), given(after, inWords));
  const [from, to] = [inWords(before), inWords(after)];
  return [
    // Whether other people look more closely does not show in who they are.
    ...(from === to ? [] : [judge(steps, { from, to }, { allOfBefore: false, allOfAfter: false })]),
    ...autoChanges({ of, what: "signoff.auto" }, before.auto?.text, after.auto?.text),
  ];
}

/** What the rule signs is looked at by nobody: without it, everything is. */
function autoChanges(judged: Pick<JudgedChange, "of" | "what">, before?: string, after?: string): JudgedChange[] {
  if (before !== undefined && after !== undefined) return conditionChanges(judged, [before], [after]);
  if (before === after) return [];
  return [
    { ...judged, from: before ?? null, to: after ?? null, direction: before === undefined ? "looser" : "stricter" },
  ];
}

export function signoffSettings(rule: SignoffRule | undefined): Settings {
  if (!rule) return [];
  const { remindMs, escalate, due, whenDue } = rule;
  return settings([
    ["signoff.remind", remindMs === undefined ? undefined : length(remindMs)],
    ["signoff.escalate", escalate && `${targetInWords(escalate.to)} after ${length(escalate.afterMs)}`],
    ["signoff.due", due && dueInWords(due)],
    ["signoff.when-due", whenDue === "wait" ? undefined : whenDue],
  ]);
}

function inWords({ steps, samePerson }: SignoffRule): string {
  return `${stepsInWords(steps)}${samePerson ? ", who may be one person" : ""}`;
}

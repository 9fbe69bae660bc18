/**
 * How a condition changed, part by part: what is looser in one part is not hidden by what is stricter in another.
 *
 *   a < 10            a < 20            looser
 *   a < 10 && b       a < 10            looser: b is not asked any more
 *   a < 10            a < 10 && b       stricter
 *   a < 10            a < 10 || b       looser
 *   a < 10            10 > a            same
 *   a < 10            a > 10, b < 10    changed
 */
import { sameTokens } from "../expression/tokens.ts";
import { type Formula, formulaOf, partsOf, subjectsOf } from "./formula.ts";
import { implies } from "./implies.ts";
import type { Judged, JudgedChange } from "./judged.ts";

/**
 * A condition lets through what meets it; none at all lets everything through.
 * @param before the conditions that were asked for together, as texts that compile
 */
export function conditionChanges(judged: Judged, before: readonly string[], after: readonly string[]): JudgedChange[] {
  if (before.length === after.length && before.every((text, index) => sameTokens(text, after[index] ?? ""))) return [];
  const [old, now] = [formulaOf(before), formulaOf(after)];
  const lost = partsOf(old).filter((part) => !implies(now, part));
  const gained = partsOf(now).filter((part) => !implies(old, part));
  if (lost.length === 0 && gained.length === 0)
    return [{ ...judged, from: old.words || null, to: now.words || null, direction: "same" }];

  const found: JudgedChange[] = [];
  const note = (direction: JudgedChange["direction"], from: readonly Formula[], to: readonly Formula[]) =>
    found.push({ ...judged, from: joined(from), to: joined(to), direction });

  const fresh = without(partsOf(now), partsOf(old));
  const dropped = lost.filter((part) => {
    const wider = fresh.find((one) => implies(part, one));
    if (wider) note("looser", [part], [wider]);
    return !wider;
  });
  const gone = without(partsOf(old), partsOf(now));
  const added = gained.filter((part) => {
    const narrower = gone.find((one) => implies(part, one));
    if (narrower) note("stricter", [narrower], [part]);
    return !narrower;
  });
  const { pairs, left, right } = aboutTheSame(dropped, added);
  for (const [from, to] of pairs) note("changed", [from], [to]);
  if (left.length > 0 || right.length > 0)
    note(right.length === 0 ? "looser" : left.length === 0 ? "stricter" : "changed", left, right);
  return found;
}

/** Parts that speak of the same thing are taken for two forms of one. */
function aboutTheSame(dropped: readonly Formula[], added: readonly Formula[]) {
  const right = [...added];
  const pairs: (readonly [Formula, Formula])[] = [];
  const left = dropped.filter((part) => {
    const subjects = subjectsOf(part);
    const at = right.findIndex((one) => subjectsOf(one).some((subject) => subjects.includes(subject)));
    const [partner] = at < 0 ? [] : right.splice(at, 1);
    if (partner) pairs.push([part, partner]);
    return !partner;
  });
  return { pairs, left, right };
}

/** The parts that are not, in the same meaning, among others. */
function without(parts: readonly Formula[], others: readonly Formula[]): Formula[] {
  return parts.filter((part) => !others.some((other) => implies(part, other) && implies(other, part)));
}

function joined(parts: readonly Formula[]): string | null {
  if (parts.length === 0) return null;
  return parts.map(({ kind, words }) => (kind === "any" && parts.length > 1 ? `(${words})` : words)).join(" && ");
}

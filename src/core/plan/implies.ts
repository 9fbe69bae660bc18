/** Whether one condition can be seen to imply another. Where it cannot be seen the answer is no, so that nothing is promised. */
import type { Comparison, Constant, Formula } from "./formula.ts";

/** Whatever meets `a` meets `b`, as far as it shows in how they are written. */
export function implies(a: Formula, b: Formula): boolean {
  return proof(a, b, new Map());
}

/** Each pair is looked at once: otherwise deep nesting would take for ever. */
type Proofs = Map<Formula, Map<Formula, boolean>>;

function proof(a: Formula, b: Formula, proofs: Proofs): boolean {
  const ofA = proofs.get(a) ?? new Map<Formula, boolean>();
  proofs.set(a, ofA);
  const known = ofA.get(b);
  if (known !== undefined) return known;
  const found = look(a, b, proofs);
  ofA.set(b, found);
  return found;
}

function look(a: Formula, b: Formula, proofs: Proofs): boolean {
  if (b.kind === "all") return b.parts.every((part) => proof(a, part, proofs));
  if (a.kind === "any") return a.parts.every((part) => proof(part, b, proofs));
  if (a.kind === "all" && a.parts.some((part) => proof(part, b, proofs))) return true;
  if (b.kind === "any") return b.parts.some((part) => proof(a, part, proofs));
  if ("parts" in a || "parts" in b || a.subject !== b.subject) return false;
  if (a.kind === "comparison") return b.kind === "comparison" && lies(a, b);
  return b.kind === "box" && a.negated === b.negated;
}

/** Whether the values that one comparison lets through lie within those of another of the same subject. */
function lies(a: Comparison, b: Comparison): boolean {
  if (a.constant.of !== b.constant.of) return false;
  const [x, y] = [a.constant.value, b.constant.value];
  if (a.sign === "==") return lets(b, x);
  if (a.sign === "!=") return b.sign === "!=" && x === y;
  if (b.sign === "!=") return !lets(a, y);
  if (b.sign === "==" || a.sign[0] !== b.sign[0]) return false;
  if (x === y) return a.sign === b.sign || b.sign.length === 2;
  return a.sign[0] === "<" ? x < y : x > y;
}

function lets({ sign, constant }: Comparison, value: Constant["value"]): boolean {
  switch (sign) {
    case "==":
      return value === constant.value;
    case "!=":
      return value !== constant.value;
    case "<":
      return value < constant.value;
    case "<=":
      return value <= constant.value;
    case ">":
      return value > constant.value;
    case ">=":
      return value >= constant.value;
  }
}

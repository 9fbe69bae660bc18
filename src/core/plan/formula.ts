/**
 * A condition as something that can be compared with another one: comparisons of something with a constant, joined by *and*
 * and *or*, without negations. Whatever is not a comparison stays a closed box that is only the same or not.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { scope } from "../expression/expression.ts";
import { sliceOf } from "./slice.ts";

export type Formula = Junction | Comparison | Box;

/** All of nothing is true, any of nothing is false. */
export type Junction = { readonly kind: "all" | "any"; readonly parts: readonly Formula[]; readonly words: string };

export type Comparison = {
  readonly kind: "comparison";
  /** What is compared, in a form in which the same is the same. */
  readonly subject: string;
  readonly sign: "<" | "<=" | ">" | ">=" | "==" | "!=";
  readonly constant: Constant;
  readonly words: string;
};

export type Box = { readonly kind: "box"; readonly subject: string; readonly negated: boolean; readonly words: string };

/** Lengths of time and moments count in milliseconds. Texts are the same or not; they have no order here. */
export type Constant =
  | { readonly of: "number" | "length" | "moment"; readonly value: number }
  | { readonly of: "text" | "truth"; readonly value: string | boolean };

/** What is longer, or has more parts, is no threshold that people read, and comparing it would take its time. */
const MOST_CHARACTERS = 4_000;
const MOST_PARTS = 100;

const WITHOUT_VARIABLES = scope({});

/** What all of some expressions ask for together. Each must be one that compiles. */
export function formulaOf(texts: readonly string[]): Formula {
  return { kind: "all", parts: texts.map(oneFormula).flatMap(partsOf), words: texts.join(" && ") };
}

function oneFormula(text: string): Formula {
  if (text.length > MOST_CHARACTERS) return boxOf(text, text);
  const formula = read(WITHOUT_VARIABLES.environment.parse(text).ast, false);
  return sizeOf(formula) > MOST_PARTS ? boxOf(text, text) : formula;
}

/** The conditions that a condition asks for at once. */
export function partsOf(formula: Formula): readonly Formula[] {
  return formula.kind === "all" ? formula.parts : [formula];
}

/** What a condition speaks of. */
export function subjectsOf(formula: Formula): readonly string[] {
  return "parts" in formula ? formula.parts.flatMap(subjectsOf) : [formula.subject];
}

/** @param negated whether the opposite is read */
function read(node: ASTNode, negated: boolean): Formula {
  const words = wordsOf(node, negated);
  const constant = constantOf(node);
  if (constant?.of === "truth") return { kind: constant.value === negated ? "any" : "all", parts: [], words };
  switch (node.op) {
    case "!_":
      return read(node.args, !negated);
    case "&&":
    case "||": {
      const kind = (node.op === "&&") === negated ? "any" : "all";
      const parts = node.args.map((part) => read(part, negated));
      return { kind, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])), words };
    }
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "==":
    case "!=":
      return (
        comparisonOf(node.args, negated ? OPPOSITE[node.op] : node.op, words) ?? boxOf(keyOf(node), words, negated)
      );
    case "in":
      return memberOf(node.args, negated, words) ?? boxOf(keyOf(node), words, negated);
    default:
      return boxOf(keyOf(node), words, negated);
  }
}

const OPPOSITE = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==" } as const;
/** `10 > a` is `a < 10`. */
const TURNED = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" } as const;

function comparisonOf(
  [left, right]: readonly [ASTNode, ASTNode],
  sign: Comparison["sign"],
  words: string,
): Comparison | undefined {
  const [onLeft, onRight] = [constantOf(left), constantOf(right)];
  const constant = onRight ?? onLeft;
  if (!constant || (onLeft && onRight)) return undefined;
  if (typeof constant.value !== "number" && sign !== "==" && sign !== "!=") return undefined;
  return onRight
    ? { kind: "comparison", subject: keyOf(left), sign, constant, words }
    : { kind: "comparison", subject: keyOf(right), sign: TURNED[sign], constant, words };
}

/** `a in [1, 2]` is `a == 1 || a == 2`. */
function memberOf([subject, list]: readonly [ASTNode, ASTNode], negated: boolean, words: string): Junction | undefined {
  if (list.op !== "list") return undefined;
  const sign = negated ? "!=" : "==";
  const parts = list.args.map((one) =>
    comparisonOf([subject, one], sign, `${sliceOf(subject)} ${sign} ${sliceOf(one)}`),
  );
  const all = parts.flatMap((part) => part ?? []);
  return all.length === parts.length ? { kind: negated ? "all" : "any", parts: all, words } : undefined;
}

/** A piece that is not looked into. */
function boxOf(subject: string, words: string, negated = false): Box {
  return { kind: "box", subject, negated, words };
}

/** What a piece that speaks of nothing amounts to. */
function constantOf(node: ASTNode): Constant | undefined {
  if (node.op === "value") return constantFrom(node.args);
  if (speaks(node)) return undefined;
  try {
    return constantFrom(WITHOUT_VARIABLES.environment.parse(sliceOf(node))());
  } catch {
    // It has no value, as 1 / 0 has none: the piece is compared as it is written.
    return undefined;
  }
}

function constantFrom(value: unknown): Constant | undefined {
  if (typeof value === "number" || typeof value === "bigint") return { of: "number", value: Number(value) };
  if (typeof value === "string") return { of: "text", value };
  if (typeof value === "boolean") return { of: "truth", value };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const inner: unknown = value.valueOf();
  if (typeof inner === "bigint") return { of: "number", value: Number(inner) };
  return typeof inner === "number" ? { of: value instanceof Date ? "moment" : "length", value: inner } : undefined;
}

/** Whether a variable stands somewhere in it. */
function speaks(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(speaks);
  return isNode(node) && (node.op === "id" || speaks(node.args));
}

/** The same for the same, however it was written; `a["b"]` is `a.b`. */
function keyOf(node: unknown): string {
  if (Array.isArray(node)) return `[${node.map(keyOf).join(" ")}]`;
  if (!isNode(node)) return typeof node === "string" ? JSON.stringify(node) : `${typeof node}:${String(node)}`;
  if (node.op === "[]" && node.args[1].op === "value" && typeof node.args[1].args === "string")
    return `(. ${keyOf([node.args[0], node.args[1].args])})`;
  return `(${node.op} ${keyOf(node.args)})`;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value;
}

function wordsOf(node: ASTNode, negated: boolean): string {
  return negated ? `!(${sliceOf(node)})` : sliceOf(node);
}

function sizeOf(formula: Formula): number {
  return "parts" in formula ? formula.parts.reduce((sum, part) => sum + sizeOf(part), 1) : 1;
}

/** What CEL refuses, in the words of somebody who writes a filter twice a year. */

import { choices, nearest } from "../text/nearest.ts";
import type { ExpressionProblem, Scope } from "./types.ts";

/** What the library's errors of every kind have. */
export type CelError = {
  readonly code: string;
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: { readonly args?: unknown };
};

/** Words and signs of other languages, with what they are in this one. */
const MEANT = new Map([
  ["=", "=="],
  ["<>", "!="],
  ["&", "&&"],
  ["|", "||"],
  ["and", "&&"],
  ["or", "||"],
  ["not", "!"],
]);

const CONSTANTS = ["true", "false", "null"];

const EXAMPLE = 'write CEL, for example run.type == "physics" && run.luminosity > 2';
const ONE_KIND =
  'write things of one kind: a text is "physics", a length of time duration("10m"), a moment timestamp("2026-11-24T10:00:00Z")';

/** A mistake that is found when the configuration is loaded. */
export function celProblem(text: string, error: CelError, within: Scope): ExpressionProblem {
  const { start, end } = error.range ?? { start: 0, end: 0 };
  const word = text.slice(start, end);
  const at = (offset: number, what: string, instead: string) => ({ what, instead, offset });

  switch (error.code) {
    case "no_such_key": {
      const owner = /(\w+)\s*\.\s*$/.exec(text.slice(0, start))?.[1] ?? "";
      const members = Object.hasOwn(within.members, owner) ? within.members[owner] : undefined;
      if (members) return at(start, `${owner} has no ${word}`, choices(word, members));
      const near = nearest(word, Object.keys(within.runTypes));
      const instead = near ? `write run.${near}` : `known of a run: ${Object.keys(within.runTypes).join(", ")}`;
      return at(start, `runs have no attribute ${word}`, instead);
    }
    case "unknown_variable":
      return at(start, `there is no ${word} here`, insteadOfVariable(word, text.slice(0, start), within));
    case "no_such_overload": {
      const attribute = attributeWithoutRun(error, within);
      if (attribute) return at(attribute.start, `there is no ${attribute.name} here`, `write run.${attribute.name}`);
      return at(start, celReason(error), ONE_KIND);
    }
    case "no_matching_overload":
      return at(start, celReason(error), EXAMPLE);
    case "unterminated_string":
      return at(start, error.summary, "write the quote at its end");
    case "unexpected_character":
    case "unexpected_token":
    case "expected_token": {
      const foreign = foreignWord(text, start, end);
      if (foreign) return at(foreign.start, `"${foreign.word}" means nothing here`, `write ${foreign.meant}`);
      if (word === "") return at(start, "the expression ends too early", "write what is missing at its end");
      return at(start, `"${word}" cannot stand here`, EXAMPLE);
    }
    default:
      return at(start, error.summary, EXAMPLE);
  }
}

/** Why an expression has no answer. */
export function celReason({ code, summary }: CelError): string {
  if (code === "no_such_key") return `${summary.replace("No such key: ", "")} is not known yet`;
  if (code === "no_matching_overload") return summary.replace("found no matching overload for", "there is no function");
  const [, left = "", sign, right = ""] = /^no such overload: (.+) (\S{1,2}) (.+)$/.exec(summary) ?? [];
  if (sign !== undefined) return `${sign} does not take ${kindOf(left)} and ${kindOf(right)}`;
  const [, alone, operand = ""] = /^no such overload: ([!-])(.+)$/.exec(summary) ?? [];
  return alone === undefined ? summary : `${alone} does not take ${kindOf(operand)}`;
}

const KINDS: Readonly<Record<string, string>> = {
  int: "a whole number",
  double: "a number",
  string: "a text",
  bool: "true or false",
  "google.protobuf.Timestamp": "a moment",
  "google.protobuf.Duration": "a length of time",
  list: "a list",
  map: "a mapping",
};

/** `dyn<list<int>>` -> `a list` */
function kindOf(type: string): string {
  const outermost = type.replace(/^dyn<(.*)>$/, "$1").replace(/<.*$/, "");
  return KINDS[outermost] ?? type;
}

function insteadOfVariable(word: string, before: string, { names, runTypes }: Scope): string {
  if (Object.hasOwn(runTypes, word)) return `write run.${word}`;
  const meant =
    MEANT.get(word.toLowerCase()) ?? nearest(word, [...names, ...CONSTANTS]) ?? nearestAttribute(word, runTypes);
  const instead = meant ? `write ${meant}` : `known here: ${names.join(", ")}`;
  const isCompared = /[=[,(]\s*$/.test(before);
  return isCompared ? `${instead}; a text stands in quotes: write "${word}"` : instead;
}

function nearestAttribute(word: string, runTypes: Scope["runTypes"]): string | undefined {
  const near = nearest(word, Object.keys(runTypes));
  return near && `run.${near}`;
}

/** CEL has functions called `type`, `duration` ..., so that `type == "physics"` is a mistake of kinds to it. */
function attributeWithoutRun({ node }: CelError, { runTypes }: Scope): { name: string; start: number } | undefined {
  for (const operand of [node?.args].flat()) {
    const { op, args, start } = (operand ?? {}) as { op?: string; args?: unknown; start?: number };
    if (op === "id" && typeof args === "string" && Object.hasOwn(runTypes, args))
      return { name: args, start: start ?? 0 };
  }
  return undefined;
}

/** At the place of the mistake, or just before it: `not run.good` fails at `run`. */
function foreignWord(
  text: string,
  start: number,
  end: number,
): { word: string; meant: string; start: number } | undefined {
  const before = /[A-Za-z]+(?=\s*$)/.exec(text.slice(0, start));
  const candidates = [
    { word: text.slice(start, end), start },
    { word: before?.[0] ?? "", start: before?.index ?? 0 },
  ];
  for (const candidate of candidates) {
    const meant = MEANT.get(candidate.word.toLowerCase());
    if (meant !== undefined) return { ...candidate, meant };
  }
  return undefined;
}

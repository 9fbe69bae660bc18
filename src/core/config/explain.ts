/** Words for what zod found wrong in one file: where it stands, what is wrong, what to write instead. */
import type { z } from "zod";
import { choices, nearest } from "../text/nearest.ts";
import type { Issue } from "./issue.ts";
import { type Path, valueAt } from "./path.ts";
import type { YamlDocument } from "./yaml-document.ts";

export function explainUnknownKey(document: YamlDocument, path: Path, known: readonly string[]): Issue {
  const key = String(path.at(-1));
  return document.issueAtKey(path, {
    code: "unknown-key",
    what: `unknown key "${key}"`,
    instead: nearest(key, known) === undefined ? `known here: ${known.join(", ")}` : choices(key, known),
  });
}

/** A message of a schema's own is `what is wrong; what to write instead`, and is kept; everything else is worded here. */
export function explain(document: YamlDocument, issue: z.core.$ZodIssue): Issue {
  const at = (code: string, what: string, instead: string) => document.issueAt(issue.path, { code, what, instead });
  const name = String(issue.path.at(-1) ?? document.file);
  const value = valueAt(document.value, issue.path);
  const own = issue.message.includes("; ") ? split(issue.message) : undefined;

  if (issue.code === "invalid_key") {
    const [what, instead] = split(issue.issues[0]?.message ?? "it cannot be a name");
    return document.issueAtKey(issue.path, { code: "bad-name", what: `"${name}": ${what}`, instead });
  }
  if (value === undefined && issue.code !== "custom") {
    const example = own?.[1].startsWith("write ") ? own[1].slice("write ".length) : exampleOf(issue);
    return at("missing-key", `"${name}" is missing`, `add ${name}: ${example}`);
  }
  if (value === null) return at("wrong-type", "nothing stands here", own?.[1] ?? insteadOfNothing(issue));
  if (own) return at("wrong-value", ...own);
  switch (issue.code) {
    case "invalid_type": {
      const written = document.written(issue.path) ?? JSON.stringify(value);
      const isWord = issue.expected === "string" && typeof value !== "object";
      return isWord
        ? at("wrong-type", `${written} is not a text`, `put it into quotes: "${written}"`)
        : at("wrong-type", `${quote(value)} is not ${kindOf(issue.expected)}`, `write ${exampleOf(issue)}`);
    }
    case "invalid_value":
      return at(
        "wrong-value",
        `${quote(value)} is not known`,
        choices(typeof value === "string" ? value : "", issue.values.map(String)),
      );
    case "too_small":
      return issue.origin === "array"
        ? at("wrong-value", "an empty list", "write at least one")
        : at("wrong-value", `${quote(value)} is too small`, `write ${issue.minimum} or more`);
    case "too_big":
      return at("wrong-value", `${quote(value)} is too large`, `write ${issue.maximum} or less`);
    default:
      return at("wrong-value", ...split(issue.message));
  }
}

/** `what; instead` as two parts. */
function split(message: string): [what: string, instead: string] {
  const at = message.indexOf("; ");
  return at < 0 ? [message, "see docs/configuration.md"] : [message.slice(0, at), message.slice(at + 2)];
}

/** A text that YAML took for a comment, or a section whose lines are all comments. */
function insteadOfNothing(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_type") return `write ${exampleOf(issue)}`;
  const hint = issue.expected === "string" ? "in quotes where it begins with #" : "or leave the key out";
  return `write ${exampleOf(issue)}, ${hint}`;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text !== undefined && text.length <= 60 ? text : "this value";
}

const KINDS: Readonly<Record<string, readonly [name: string, example: string]>> = {
  string: ["a text", "a text"],
  number: ["a number", "a number"],
  int: ["a whole number", "a whole number"],
  boolean: ["true or false", "true or false"],
  array: ["a list", "a list: [..., ...]"],
  object: ["a mapping", "a mapping: { key: value }"],
  record: ["a mapping", "a mapping: { name: value }"],
};

function kindOf(expected: string): string {
  return KINDS[expected]?.[0] ?? expected;
}

function exampleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return KINDS[issue.expected]?.[1] ?? issue.expected;
  if (issue.code === "invalid_value") return issue.values.map(String).join(" or ");
  return "...";
}

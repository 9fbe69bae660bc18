/** Turns what zod found wrong with one file into issues: where it stands, what is wrong, what to write instead. */
import { z } from "zod";
import { choices, nearest } from "../text/nearest.ts";
import type { Issue } from "./issue.ts";
import { schemaAt, unwrap } from "./schema-walk.ts";
import type { Path, YamlDocument } from "./yaml-document.ts";

/**
 * A message of a schema's own: `what is wrong; what to write instead`. Values that a schema refuses with such a message
 * keep it; everything else is worded here.
 */
export function explain(document: YamlDocument, schema: z.ZodType, error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue) => explainOne(document, schema, issue));
}

function explainOne(document: YamlDocument, schema: z.ZodType, issue: z.core.$ZodIssue): Issue[] {
  const at = (code: string, what: string, instead: string) => [document.issueAt(issue.path, { code, what, instead })];
  const name = issue.path.at(-1);
  const value = valueAt(document.value, issue.path);

  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) =>
      document.issueAtKey([...issue.path, key], {
        code: "unknown-key",
        what: `unknown key "${key}"`,
        instead: nearest(key, known) === undefined ? `known here: ${known.join(", ")}` : choices(key, known),
      }),
    );
  }
  if (issue.code === "invalid_key") {
    const [what, instead] = split(issue.issues[0]?.message ?? "this name cannot be used; choose another");
    return [document.issueAtKey(issue.path, { code: "bad-name", what: `"${String(name)}": ${what}`, instead })];
  }
  if (issue.code === "invalid_union") {
    // The branch that its author meant is the one that was entered: its mistakes lie deeper or are worded by the schema.
    const meant = issue.errors.find((branch) =>
      branch.every((inner) => inner.path.length > 0 || inner.code === "custom" || inner.code === "unrecognized_keys"),
    );
    if (meant) {
      return meant.flatMap((inner) => explainOne(document, schema, { ...inner, path: [...issue.path, ...inner.path] }));
    }
  }
  if (value === undefined && issue.code !== "custom") {
    return at("missing-key", `"${String(name)}" is missing`, `add ${String(name)}: ${exampleOf(issue)}`);
  }
  if (issue.message.includes("; ")) return at("wrong-value", ...split(issue.message));
  switch (issue.code) {
    case "invalid_type":
      return at("wrong-type", `${quote(value)} is not ${kindName(issue.expected)}`, `write ${exampleOf(issue)}`);
    case "invalid_value":
      return at("wrong-value", `${quote(value)} is not known`, choices(String(value), issue.values.map(String)));
    case "too_small":
      return at("wrong-value", `${quote(value)} is too small`, `write ${issue.minimum} or more`);
    case "too_big":
      return at("wrong-value", `${quote(value)} is too large`, `write ${issue.maximum} or less`);
    default:
      return at("wrong-value", issue.message, "see docs/configuration.md");
  }
}

/** `what; instead` as two parts. */
function split(message: string): [string, string] {
  const at = message.indexOf("; ");
  return at < 0 ? [message, "see docs/configuration.md"] : [message.slice(0, at), message.slice(at + 2)];
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

function quote(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
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

function kindName(expected: string): string {
  return KINDS[expected]?.[0] ?? expected;
}

function exampleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return KINDS[issue.expected]?.[1] ?? issue.expected;
  if (issue.code === "invalid_value") return issue.values.map(String).join(" or ");
  const [, instead] = split(issue.message);
  return instead.startsWith("write ") ? instead.slice(6) : "...";
}

/** The keys that a schema knows under a path. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  const at = schemaAt(schema, path);
  const shape = at && unwrap(at);
  return shape instanceof z.ZodObject ? Object.keys(shape.shape) : [];
}

/**
 * The shape of one file: its value by a schema, and every mistake in it. What is wrong or missing is replaced by something
 * of its kind, so that everything else in the file is checked in the same round and nobody mends a file in ten.
 */
import type { z } from "zod";
import { nearest } from "../text/nearest.ts";
import { explain, explainUnknownKey } from "./explain.ts";
import type { Issue } from "./issue.ts";
import { isCollection, isUnder, type Path, valueAt } from "./path.ts";
import { sampleOf } from "./sample.ts";
import { keysAt, schemaAt } from "./schema-walk.ts";
import type { YamlDocument } from "./yaml-document.ts";

export type Shape<Value> = {
  /** Undefined where nothing of the file can be used. */
  readonly value: Value | undefined;
  readonly issues: readonly Issue[];
  /** The places that were replaced: nothing more should be said of them. */
  readonly broken: readonly Path[];
};

/** A replacement can uncover the next mistake; nothing in our schemas is nested as deep as this. */
const ROUNDS = 20;

export function shapeOf<Schema extends z.ZodType>(document: YamlDocument, schema: Schema): Shape<z.output<Schema>> {
  const value: unknown = structuredClone(document.value ?? {});
  const issues: Issue[] = [];
  const broken: Path[] = [];
  /** Mappings with an unknown key: if a kind is missing there, that key was to be it. */
  const misspelt = new Set<string>();

  for (let round = 0; round < ROUNDS; round++) {
    const shaped = schema.safeParse(value);
    if (shaped.success) return { value: shaped.data, issues, broken };
    const mistakes = shaped.error.issues.flatMap(meant);
    const unknown = mistakes.filter((mistake) => mistake.code === "unrecognized_keys");
    // What else is wrong with these mappings is seen once the keys are what they were meant to be.
    if (unknown.length > 0) unknown.forEach(takeUnknownKeys);
    else mistakes.forEach(replace);
  }
  return { value: undefined, issues, broken };

  function takeUnknownKeys({ path, keys }: z.core.$ZodIssueUnrecognizedKeys): void {
    const mapping = valueAt(value, path) as Record<string, unknown>;
    const known = keysAt(schema, path);
    misspelt.add(path.join("/"));
    for (const key of keys) {
      if (!isUnder(broken, path)) issues.push(explainUnknownKey(document, [...path, key], known));
      const probably = nearest(key, known);
      if (probably !== undefined && !Object.hasOwn(mapping, probably)) {
        mapping[probably] = mapping[key];
        broken.push([...path, probably]);
      }
      delete mapping[key];
    }
  }

  function replace(mistake: z.core.$ZodIssue): void {
    const { path } = mistake;
    const isSaid = isUnder(broken, path) || (mistake.code === "custom" && misspelt.has(path.join("/")));
    if (!isSaid) issues.push(explain(document, mistake));
    broken.push(path);
    const parent = valueAt(value, path.slice(0, -1));
    const key = path.at(-1);
    if (key === undefined || !isCollection(parent)) return;
    const inner = mistake.code === "invalid_key" ? undefined : schemaAt(schema, path);
    const sample = inner && sampleOf(inner);
    if (sample === undefined) delete parent[key];
    else parent[key] = sample;
  }
}

/** The branch of a union that its author meant is the one that was entered: its mistakes lie deeper or are worded by the schema. */
function meant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const entered = issue.errors.find((branch) =>
    branch.every((inner) => inner.path.length > 0 || inner.code === "custom" || inner.code === "unrecognized_keys"),
  );
  if (!entered) return [issue];
  return entered.flatMap((inner) => meant({ ...inner, path: [...issue.path, ...inner.path] }));
}

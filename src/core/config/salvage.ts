/**
 * What can still be used of a file with mistakes in its shape, so that everything else in it is checked in the same round:
 * what is wrong is taken out, what is missing is filled with something of its kind, and both are remembered as broken.
 */
import { z } from "zod";
import { schemaAt, unwrap } from "./schema-walk.ts";
import type { Path } from "./yaml-document.ts";

const ROUNDS = 6;

export function salvage<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  error: z.ZodError,
): { readonly value: z.output<Schema>; readonly broken: readonly Path[] } | undefined {
  const copy = structuredClone(value);
  const broken: Path[] = [];
  let found = error;
  for (let round = 0; round < ROUNDS; round++) {
    for (const issue of found.issues) {
      const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
      for (const path of paths) {
        broken.push(path);
        mend(copy, path, schemaAt(schema, path));
      }
    }
    const shaped = schema.safeParse(copy);
    if (shaped.success) return { value: shaped.data, broken };
    found = shaped.error;
  }
  return undefined;
}

/** Takes the value under a path out; if it was missing already, puts something of its kind there. */
function mend(root: unknown, path: Path, schema: z.ZodType | undefined): void {
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), root);
  const key = path.at(-1);
  if (!isObject(parent) || key === undefined) return;
  if (key in parent) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  } else if (schema) {
    parent[key] = sample(schema);
  }
}

function sample(schema: z.ZodType): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return {};
  if (inner instanceof z.ZodArray) return [];
  if (inner instanceof z.ZodEnum) return inner.options[0];
  if (inner instanceof z.ZodUnion) return sample(inner.options[0] as z.ZodType);
  if (inner instanceof z.ZodString) return "x";
  return 1;
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

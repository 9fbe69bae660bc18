/** Finding one's way in a zod schema by the path of a value. */
import { z } from "zod";
import type { Path } from "./yaml-document.ts";

/** The schema of the value under a path; undefined where the schema does not go that far. */
export function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let inner: z.ZodType | undefined = schema;
  for (const step of path) inner = inner && childOf(inner, step);
  return inner;
}

function childOf(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return inner.shape[String(step)] as z.ZodType | undefined;
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  return undefined;
}

/** Through optional, default, transform and union to the object, list, record or plain kind inside. */
export function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  if (schema instanceof z.ZodUnion) {
    const options = schema.options.map((option) => unwrap(option as z.ZodType));
    return options.find((option) => option instanceof z.ZodObject) ?? schema;
  }
  return schema;
}

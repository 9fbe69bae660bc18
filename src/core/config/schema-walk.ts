/** Finding one's way in a zod schema by the path of a value. */
import { z } from "zod";
import type { Path } from "./path.ts";

/** The schema of the value under a path; undefined where the schema does not go that far. */
export function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((inner, step) => inner && childOf(inner, step), schema);
}

/** The keys that a mapping under a path may have. */
export function keysAt(schema: z.ZodType, path: Path): string[] {
  const at = schemaAt(schema, path);
  const object = at && plainKinds(at).find((kind) => kind instanceof z.ZodObject);
  return Object.keys(object?.shape ?? {});
}

/** Through optional, default, transform and union to the objects, lists, records or plain kinds that a value may be. */
export function plainKinds(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return plainKinds(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) return plainKinds(schema.in as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => plainKinds(option as z.ZodType));
  return [schema];
}

function childOf(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  for (const kind of plainKinds(schema)) {
    if (kind instanceof z.ZodObject && Object.hasOwn(kind.shape, step)) return kind.shape[String(step)] as z.ZodType;
    if (kind instanceof z.ZodRecord) return kind.valueType as z.ZodType;
    if (kind instanceof z.ZodArray) return kind.element as z.ZodType;
  }
  return undefined;
}

/** Paths into JSON, as people write them: `data.runs`, `times.start`, `pages.0`. */
import { z } from "zod";

export const dottedPath = z
  .string({ error: "not a path; write names joined by dots, for example data.runs" })
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, "not a path; write names joined by dots, for example data.runs");

/** The value under a path, or undefined where the path leads nowhere. Only what the JSON itself holds is found. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, step) => {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, step)) return undefined;
    return (inner as Record<string, unknown>)[step];
  }, value);
}

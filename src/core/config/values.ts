/**
 * The kinds of value that configuration files are made of. Each refuses with `what is wrong; what to write instead`,
 * since the line is read by somebody who has never seen the schema.
 */
import { z } from "zod";
import { parseDuration } from "../time.ts";

/** Names of workflows, tasks, campaigns, executors ...: they stand in paths, commands and job names. */
export const name = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
    "not a name; write lower-case letters, digits and inner hyphens, at most 40",
  );

/** A global tag; experiments have names for them that are older than calops. */
export const payloadType = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,98}[A-Za-z0-9])?$/,
    "not a payload type; write letters, digits and inner _ . -, at most 100",
  );

export const tagName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/,
    "not the name of a tag; write letters, digits, dots, hyphens, _ and +, at most 100",
  );

export const text = z.string().min(1, "an empty text; write something or leave the key out");

/** YAML takes some words for something else than texts. */
function inQuotesOr(message: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) =>
    typeof input === "boolean" ? `${input} is not a text; put it into quotes: "${input}"` : message;
}

/** A word of a command, or the value of a variable: numbers need no quotes. */
export const word = z.union([z.string(), z.number().transform(String)], {
  error: inQuotesOr("not a text; write a text or a number"),
});

/** `48h`, `10m`, `1h30m` -> milliseconds. */
export const duration = z
  .string({ error: 'not a length of time; write for example "10m", "48h" or "7d"' })
  .transform((value, context) => {
    const ms = parseDuration(value);
    if (ms !== undefined) return ms;
    context.addIssue({
      code: "custom",
      message: `"${value}" is not a length of time; write for example 10m, 48h or 7d`,
    });
    return z.NEVER;
  });

/** By unit, in bytes; from the smallest to the largest. */
export const SIZES = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 } as const;

/** `500MB`, `2TB` -> bytes (decimal units, as disks are sold). */
export const size = z
  .string({ error: 'not a size; write for example "500MB" or "2TB"' })
  .transform((value, context) => {
    const match = /^(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB|PB)$/.exec(value);
    if (match) return Math.round(Number(match[1]) * SIZES[match[2] as keyof typeof SIZES]);
    context.addIssue({ code: "custom", message: `"${value}" is not a size; write for example 500MB or 2TB` });
    return z.NEVER;
  });

export const count = z
  .int({ error: "not a whole number; write a whole number of 1 or more" })
  .min(1, "too small; write 1 or more");

/** A CEL expression; it is compiled once the whole configuration is known. */
export const expression = z
  .string({ error: inQuotesOr("not an expression; write a text") })
  .min(1, 'an empty expression; write for example run.type == "physics"');

/** A program and its arguments, or a script alone. Nothing here is ever pasted into a shell. */
export const command = z
  .union([text.transform((program) => [program]), z.array(word).min(1)], {
    error: "not a command; write [program, argument, ...] or the path of a script, for example ./calibrate.sh",
  })
  .transform((words): readonly string[] => words);

/** A secret by its name; its value stands in the environment of the bot or in a file of its secrets directory, never here. */
export const secret = z.strictObject({
  secret: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, "not a secret's name; write capitals, digits and _, for example REGISTRY_TOKEN"),
});

/** A refinement: exactly one of these keys stands in the mapping. */
export function exactlyOne(keys: readonly string[]) {
  return (value: Record<string, unknown>, context: z.RefinementCtx): void => {
    const given = keys.filter((key) => value[key] !== undefined);
    if (given.length === 1) return;
    const what = given.length === 0 ? "no kind is given" : `${given.join(" and ")} stand together`;
    context.addIssue({ code: "custom", message: `${what}; write exactly one of ${keys.join(", ")}` });
  };
}

/** Run numbers: `8215`, `"8215"`, `"8000-8215"`, or a list of these -> intervals, both ends included. */
export type RunInterval = { readonly from: number; readonly to: number };

const interval = z
  .union([z.int(), z.string()], { error: "not runs; write 8215 or 8000-8215" })
  .transform((value, context): RunInterval => {
    const found = parseRuns(String(value));
    if (found) return found;
    context.addIssue({ code: "custom", message: `"${value}" is not a range of runs; write 8215 or 8000-8215` });
    return z.NEVER;
  });

export const runIntervals = z
  .union([interval.transform((one) => [one]), z.array(interval).min(1)], {
    error: "not runs; write 8215, 8000-8215 or a list of these",
  })
  .transform((list): readonly RunInterval[] => list);

/** `8215` or `8000-8215`; undefined when it is neither or runs backwards. */
export function parseRuns(word: string): RunInterval | undefined {
  const match = /^(\d{1,15})(?:\s*(?:-|\.\.)\s*(\d{1,15}))?$/.exec(word.trim());
  if (!match) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from <= to ? { from, to } : undefined;
}

export function includesRun(intervals: readonly RunInterval[], run: number): boolean {
  return intervals.some(({ from, to }) => run >= from && run <= to);
}

/** Plain values, as JSON holds them, and CEL's own: one way before an expression is asked, and back after it has answered. */
import { Environment } from "@marcbachmann/cel-js";
import { parseDuration, parseInstant } from "../time.ts";
import type { AttributeType, AttributeTypes, Values } from "./types.ts";

/** The variables of an expression; `run` in its declared types. */
export function inCel(values: Values, runTypes: AttributeTypes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name === "run" ? typedRun(value as Values, runTypes) : typedNumber(value),
    ]),
  );
}

/** What is of another kind than declared, since the declaration changed after it was read, counts as not known. */
function typedRun(attributes: Values, types: AttributeTypes): Record<string, unknown> {
  const known = Object.entries(types).flatMap(([name, type]) => {
    const value = Object.hasOwn(attributes, name) ? typedValue(attributes[name], type) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(known);
}

function typedValue(value: unknown, type: AttributeType): unknown {
  switch (type) {
    case "int":
      return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
    case "double":
      return typeof value === "number" ? value : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "string":
      return typeof value === "string" ? value : undefined;
    case "timestamp": {
      const at = typeof value === "string" ? parseInstant(value) : undefined;
      return at === undefined ? undefined : new Date(at);
    }
    case "duration": {
      const ms =
        typeof value === "number" ? value * 1_000 : typeof value === "string" ? parseDuration(value) : undefined;
      return ms === undefined ? undefined : durationOf(ms);
    }
    case "list":
      return Array.isArray(value) ? value : undefined;
    case "map":
      return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  }
}

/** Counts given by the engine (iteration, runs of a group) are CEL ints. */
function typedNumber(value: unknown): unknown {
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
}

type CelDuration = { readonly seconds: bigint; readonly nanos: number };

// The library keeps its Duration class to itself; this is its own door to it.
const asDuration = new Environment().registerVariable("text", "string").parse("duration(text)");
const Duration = durationOf(0).constructor as new () => CelDuration;

function durationOf(ms: number): CelDuration {
  return asDuration({ text: `${(ms / 1_000).toFixed(3)}s` }) as CelDuration;
}

/** A moment becomes its ISO text, a length of time its seconds. */
export function outOfCel(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Duration) return Number(value.seconds) + value.nanos / 1e9;
  if (Array.isArray(value)) return value.map(outOfCel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, outOfCel(inner)]));
}

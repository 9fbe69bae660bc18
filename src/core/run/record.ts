/**
 * From a record of a run source to a run: what the record says, and whether it may be believed.
 * A record that breaks the declared rules is quarantined with every reason, never dropped and never processed.
 */
import type { RunInterval } from "../config/values.ts";
import { includesRun } from "../config/values.ts";
import { type AttributeType, type AttributeTypes, type Expression, holds, type Values } from "../expression.ts";
import { type Instant, iso, parseDuration, parseInstant } from "../time.ts";
import { type Run, valuesOf } from "./run.ts";

export type RunRules = {
  readonly types: AttributeTypes;
  readonly numbers?: readonly RunInterval[] | undefined;
  readonly required: readonly string[];
  /** Attributes in which all records of a run must agree. */
  readonly constant: readonly string[];
  readonly checks: readonly { readonly check: Expression; readonly why: string }[];
};

/** The attributes that every experiment has; `calops.yaml` declares the others. */
export const BUILT_IN_ATTRIBUTES: AttributeTypes = {
  number: "int",
  type: "string",
  fill: "int",
  start: "timestamp",
  end: "timestamp",
  duration: "duration",
  luminosity: "double",
};

export type Reading = {
  readonly number: number | undefined;
  readonly attributes: Values;
  readonly reasons: readonly string[];
};

/** What a record says, in declared types; whatever cannot be read is a reason for quarantine. */
export function readRecord(
  record: unknown,
  fields: Readonly<Record<string, Expression>> | undefined,
  types: AttributeTypes,
): Reading {
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    return { number: undefined, attributes: {}, reasons: ["the record is not a mapping of names to values"] };
  }
  const raw = fields ? mapped(record as Values, fields) : byName(record as Values, types);
  const reasons: string[] = [];
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (name === "number" || isMissing(value)) continue;
    const typed = typedAs(value, types[name] ?? "string");
    if (typed === undefined) reasons.push(`${name}: ${JSON.stringify(value)} is not a ${types[name]}`);
    else attributes[name] = typed;
  }
  const number = isMissing(raw["number"]) ? undefined : typedAs(raw["number"], "int");
  if (typeof number !== "number" || number < 0) {
    return {
      number: undefined,
      attributes,
      reasons: [`the run number ${JSON.stringify(raw["number"] ?? null)} is not a number`, ...reasons],
    };
  }
  return { number, attributes, reasons };
}

function mapped(record: Values, fields: Readonly<Record<string, Expression>>): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, expression]) => {
    const answer = expression.ask({ record });
    return [name, answer.known ? plain(answer.value) : undefined] as const;
  });
  return Object.fromEntries(entries);
}

/** Without a mapping, the record's own fields by name; `run` serves for `number`. */
function byName(record: Values, types: AttributeTypes): Record<string, unknown> {
  const known = Object.keys(types).filter((name) => name !== "duration");
  return {
    ...Object.fromEntries(known.map((name) => [name, record[name]])),
    number: record["number"] ?? record["run"],
  };
}

/** CEL's own values as JSON holds them. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function typedAs(value: unknown, type: AttributeType): unknown {
  switch (type) {
    case "int":
    case "double": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
      return type === "int" && !Number.isSafeInteger(number) ? undefined : number;
    }
    case "bool":
      return typeof value === "boolean"
        ? value
        : ({ true: true, false: false, "1": true, "0": false } as Record<string, boolean>)[String(value)];
    case "timestamp": {
      const at = typeof value === "number" ? value * 1_000 : parseInstant(String(value));
      return at === undefined ? undefined : iso(at);
    }
    case "duration":
      return typeof value === "number" || parseDuration(String(value)) !== undefined ? value : undefined;
    case "list":
      return Array.isArray(value) ? value : undefined;
    case "map":
      return typeof value === "object" && !Array.isArray(value) ? value : undefined;
    case "string":
      return typeof value === "object" ? undefined : String(value);
  }
}

export type AttributeChange = { readonly from: unknown; readonly to: unknown };
export type AttributeChanges = Readonly<Record<string, AttributeChange>>;

export type Intake =
  | { readonly kind: "new"; readonly run: Run }
  | { readonly kind: "changed"; readonly run: Run; readonly changes: AttributeChanges }
  | { readonly kind: "unchanged" }
  /** The record is kept aside; where it contradicts a run, the run stands still until a person decides. */
  | {
      readonly kind: "quarantined";
      readonly number: number | undefined;
      readonly reasons: readonly string[];
      readonly run?: Run;
    };

/** What a record that was read does to the run that it speaks of. */
export function takeIn(
  known: Run | undefined,
  reading: Reading,
  source: string,
  rules: RunRules,
  now: Instant,
): Intake {
  const { number } = reading;
  if (number === undefined) return { kind: "quarantined", number, reasons: reading.reasons };
  const attributes = { ...known?.attributes, ...reading.attributes };
  const reasons = [...reading.reasons, ...brokenRules(number, attributes, rules)];
  if (reasons.length > 0) return { kind: "quarantined", number, reasons };

  const changes = changesBetween(known?.attributes ?? {}, attributes);
  if (!known) {
    const run: Run = {
      number,
      source,
      attributes,
      conflict: null,
      hold: null,
      firstSeenAt: now,
      changedAt: now,
      version: 0,
    };
    return { kind: "new", run };
  }
  const contradictions = rules.constant.filter((name) => name in changes && known.attributes[name] !== undefined);
  if (contradictions.length > 0) {
    const reasons = contradictions.map(
      (name) =>
        `${name} was ${JSON.stringify(known.attributes[name])} and this record says ${JSON.stringify(attributes[name])}`,
    );
    const conflict = known.conflict ?? { why: reasons.join("; "), since: now };
    return { kind: "quarantined", number, reasons, run: { ...known, conflict, changedAt: now } };
  }
  if (Object.keys(changes).length === 0) return { kind: "unchanged" };
  return { kind: "changed", run: { ...known, attributes, changedAt: now }, changes };
}

function brokenRules(number: number, attributes: Values, rules: RunRules): string[] {
  const outside = rules.numbers && !includesRun(rules.numbers, number);
  const missing = rules.required.filter((name) => attributes[name] === undefined);
  const broken = rules.checks.filter(({ check }) => holds(check, { run: valuesOf({ number, attributes }) }) === false);
  return [
    ...(outside ? [`run number ${number} is out of range (${rules.numbers?.map(inWords).join(", ")})`] : []),
    ...missing.map((name) => `${name} is missing`),
    ...broken.map(({ why, check }) => `${why} (${check.text})`),
  ];
}

function inWords({ from, to }: RunInterval): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function changesBetween(before: Values, after: Values): AttributeChanges {
  const changed = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, { from: before[name] ?? null, to: after[name] }]));
}

/**
 * From a record of a run source to a run: what the record says, and whether it may be believed.
 * A record that breaks the declared rules is quarantined with every reason, never dropped and never processed.
 */
import type { RunInterval } from "../config/values.ts";
import { includesRun } from "../config/values.ts";
import { type Expression, holds } from "../expression/expression.ts";
import type { AttributeType, AttributeTypes, Values } from "../expression/types.ts";
import { fromEpochSeconds, type Instant, iso, parseDuration, parseInstant } from "../time.ts";
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
    const type = types[name] ?? "string";
    const typed = typedAs(value, type);
    if (typed === undefined) reasons.push(`${name}: ${JSON.stringify(value)} is not ${IN_WORDS[type]}`);
    else attributes[name] = typed;
  }
  const number = typedAs(raw["number"], "int");
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
    return [name, answer.known ? answer.value : undefined] as const;
  });
  return Object.fromEntries(entries);
}

/** Without a mapping, the record's own fields by name; `run` serves for `number`. */
function byName(record: Values, types: AttributeTypes): Record<string, unknown> {
  const known = Object.keys(types).filter((name) => name !== "duration" && Object.hasOwn(record, name));
  return {
    ...Object.fromEntries(known.map((name) => [name, record[name]])),
    number: record["number"] ?? record["run"],
  };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

const IN_WORDS: Readonly<Record<AttributeType, string>> = {
  int: "a whole number",
  double: "a number",
  bool: "true or false",
  timestamp: "a moment, such as 2026-11-24T10:00:00Z",
  duration: "a length of time, such as 1h30m",
  string: "a text",
  list: "a list",
  map: "a mapping",
};

function typedAs(value: unknown, type: AttributeType): unknown {
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  const word = typeof value === "object" ? "" : String(value);
  switch (type) {
    case "int": {
      const number = numberOf(value);
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case "double":
      return numberOf(value);
    case "bool":
      return BOOLS.get(word);
    case "timestamp": {
      const at = typeof value === "number" ? fromEpochSeconds(value) : parseInstant(word);
      return at === undefined ? undefined : iso(at);
    }
    case "duration":
      return typeof value === "number" ? numberOf(value) : parseDuration(word) === undefined ? undefined : word;
    case "list":
      return Array.isArray(value) ? value : undefined;
    case "map":
      return isMapping ? value : undefined;
    case "string":
      return word === "" ? undefined : word;
  }
}

const BOOLS = new Map([
  ["true", true],
  ["false", false],
  ["1", true],
  ["0", false],
]);

/** Decimal, as people and registries write numbers: `0x10` is a word. JSON does not keep -0. */
function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number + 0 : undefined;
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

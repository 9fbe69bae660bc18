import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, type Expression, scope } from "../../../src/core/expression/expression.ts";
import type { AttributeTypes } from "../../../src/core/expression/types.ts";
import { BUILT_IN_ATTRIBUTES, type Intake, type RunRules, readRecord, takeIn } from "../../../src/core/run/record.ts";
import { type Run, valuesOf } from "../../../src/core/run/run.ts";
import { AT, aRun } from "../../contracts/things.ts";

const TYPES: AttributeTypes = {
  ...BUILT_IN_ATTRIBUTES,
  quality: "string",
  good: "bool",
  sectors: "list",
  magnet: "map",
};
const RULES: RunRules = { types: TYPES, required: [], constant: [], checks: [] };
const check = (text: string) => compile(text, scope({}, TYPES), "bool") as Expression;
const attributeOf = (type: string, value: unknown) => {
  const { attributes, reasons } = readRecord({ run: 1, x: value }, undefined, { ...TYPES, x: type as "int" });
  return reasons.length > 0 ? reasons : attributes["x"];
};

describe("a record is read in the declared types", () => {
  test.each<[string, unknown, unknown]>([
    ["int", 7, 7],
    ["int", "7", 7],
    ["int", 7.0, 7],
    ["double", "7.25", 7.25],
    ["double", "-1e-3", -0.001],
    ["bool", true, true],
    ["bool", "false", false],
    ["bool", 1, true],
    ["bool", "0", false],
    ["timestamp", "2026-11-24 10:00:00", "2026-11-24T10:00:00.000Z"],
    ["timestamp", "2026-11-24T10:00:00+01:00", "2026-11-24T09:00:00.000Z"],
    ["timestamp", 1_795_514_400, "2026-11-24T10:00:00.000Z"],
    ["duration", 90.5, 90.5],
    ["duration", "1h30m", "1h30m"],
    ["string", 7, "7"],
    ["string", "physics", "physics"],
    ["list", [1, "a"], [1, "a"]],
    ["map", { a: 1 }, { a: 1 }],
  ])("%s %j", (type, value, expected) => {
    expect(attributeOf(type, value)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ["int", 7.5],
    ["int", "many"],
    ["int", 2 ** 60],
    ["int", true],
    ["double", "NaN"],
    ["bool", "yes"],
    ["bool", "constructor"],
    ["bool", "toString"],
    ["timestamp", "yesterday"],
    ["timestamp", "2026-02-30"],
    ["timestamp", 1_795_514_400_000],
    ["timestamp", 1_795_514_400_000_000_000],
    ["duration", "long"],
    ["list", "a,b"],
    ["map", [1]],
    ["string", { a: 1 }],
  ])("%s %j cannot be read, and says why", (type, value) => {
    expect(attributeOf(type, value)).toEqual([expect.stringMatching(/^x: .* is not /)]);
  });

  test("what is missing is left out: nothing, null and an empty text", () => {
    for (const value of [undefined, null, ""]) expect(attributeOf("int", value)).toBeUndefined();
  });

  test("a reason is a sentence that people would say", () => {
    expect(
      [
        attributeOf("int", "many"),
        attributeOf("double", "x"),
        attributeOf("timestamp", "x"),
        attributeOf("bool", "x"),
      ].flat(),
    ).toEqual([
      'x: "many" is not a whole number',
      'x: "x" is not a number',
      'x: "x" is not a moment, such as 2026-11-24T10:00:00Z',
      'x: "x" is not true or false',
    ]);
  });

  test("by the names of its own fields, where number may be called run", () => {
    expect(readRecord({ run: "8215", type: "physics", unknown: 1 }, undefined, TYPES)).toEqual({
      number: 8215,
      attributes: { type: "physics" },
      reasons: [],
    });
    expect(readRecord({ number: 8215, run: 3 }, undefined, TYPES).number).toBe(8215);
  });

  test("by the declared expressions, where there are any, and by nothing else", () => {
    const over = scope({ record: "map" });
    const fields = Object.fromEntries(
      Object.entries({
        number: "record.RunNumber",
        type: "record.beam ? 'physics' : 'cosmics'",
        luminosity: "record.lumi.recorded",
        sectors: "record.parts.map(p, p.name)",
      }).map(([name, text]) => [name, compile(text, over, "dyn") as Expression]),
    );
    const record = { RunNumber: 8215, beam: true, lumi: {}, parts: [{ name: "barrel" }], type: "wrong" };
    expect(readRecord(record, fields, TYPES)).toEqual({
      number: 8215,
      attributes: { type: "physics", sectors: ["barrel"] },
      reasons: [],
    });
  });

  test("by expressions that give moments and lengths of time", () => {
    const over = scope({ record: "map" });
    const fields = Object.fromEntries(
      Object.entries({ number: "record.run", start: "timestamp(record.at)", duration: 'duration("90s")' }).map(
        ([name, text]) => [name, compile(text, over, "dyn") as Expression],
      ),
    );
    expect(readRecord({ run: 1, at: "2026-11-24T10:00:00Z" }, fields, TYPES)).toEqual({
      number: 1,
      attributes: { start: "2026-11-24T10:00:00.000Z", duration: 90 },
      reasons: [],
    });
  });

  test("whatever it is: it never throws, and what is read is JSON that is read as the same again", () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.constantFrom("toString", "__proto__", 1e300, "1e3", "0x10", " 7 "),
    );
    const record = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom("run", ...Object.keys(TYPES)), value));
    fc.assert(
      fc.property(record, (given) => {
        const reading = readRecord(given, undefined, TYPES);
        expect(JSON.parse(JSON.stringify(reading.attributes))).toEqual(reading.attributes);
        if (reading.number === undefined) {
          expect(reading.reasons.length).toBeGreaterThan(0);
        } else {
          expect(Number.isSafeInteger(reading.number)).toBe(true);
          const again = readRecord({ ...reading.attributes, number: reading.number }, undefined, TYPES);
          expect(again.attributes).toEqual(reading.attributes);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([["a text"], [7], [null], [[1]]])("and is no record: %j", (record) => {
    expect(readRecord(record, undefined, TYPES)).toEqual({
      number: undefined,
      attributes: {},
      reasons: ["the record is not a mapping of names to values"],
    });
  });

  test.each([
    [{ type: "physics" }, "the run number null is not a number"],
    [{ run: "8215a" }, 'the run number "8215a" is not a number'],
    [{ run: -1 }, "the run number -1 is not a number"],
    [{ run: 1.5 }, "the run number 1.5 is not a number"],
    [{ run: "0x10" }, 'the run number "0x10" is not a number'],
  ])("and has no run number: %j", (record, reason) => {
    expect(readRecord(record, undefined, TYPES)).toMatchObject({ number: undefined, reasons: [reason] });
  });
});

describe("a record is taken in", () => {
  const take = (
    known: Run | undefined,
    attributes: Record<string, unknown>,
    rules: Partial<RunRules> = {},
    reasons: string[] = [],
  ) => takeIn(known, { number: 8215, attributes, reasons }, "registry", { ...RULES, ...rules }, AT + 1);

  test("as a new run", () => {
    expect(take(undefined, { type: "physics" })).toEqual({
      kind: "new",
      run: aRun(8215, { source: "registry", attributes: { type: "physics" }, firstSeenAt: AT + 1, changedAt: AT + 1 }),
    });
  });

  test("as what has changed of a run, and keeps what it says nothing of", () => {
    const known = aRun(8215, { attributes: { type: "physics", luminosity: 1 } });
    expect(take(known, { luminosity: 2, quality: "good" })).toMatchObject({
      kind: "changed",
      run: { attributes: { type: "physics", luminosity: 2, quality: "good" }, firstSeenAt: AT, changedAt: AT + 1 },
      changes: { luminosity: { from: 1, to: 2 }, quality: { from: null, to: "good" } },
    });
  });

  test("as nothing new when it says what is known, however often", () => {
    const attributes = fc.dictionary(
      fc.constantFrom("type", "luminosity", "quality"),
      fc.oneof(fc.string(), fc.nat(), fc.constant([1, 2])),
    );
    fc.assert(
      fc.property(attributes, attributes, (first, second) => {
        const taken = take(undefined, first) as Extract<Intake, { kind: "new" }>;
        expect(take(taken.run, first)).toEqual({ kind: "unchanged" });
        const changed = take(taken.run, second);
        const after = changed.kind === "changed" ? changed.run : taken.run;
        expect(after.attributes).toEqual({ ...first, ...second });
        expect(take(after, second)).toEqual({ kind: "unchanged" });
      }),
    );
  });

  test("not, but put aside with every reason, when it breaks the rules", () => {
    const rules = {
      numbers: [
        { from: 1000, to: 1999 },
        { from: 7, to: 7 },
      ],
      required: ["type", "fill"],
      checks: [
        { check: check("run.luminosity >= 0.0"), why: "luminosity cannot be negative" },
        { check: check("run.quality != 'bad'"), why: "not known of it: this decides nothing" },
      ],
    };
    expect(take(undefined, { luminosity: -1 }, rules, ['good: "x" is not true or false'])).toEqual({
      kind: "quarantined",
      number: 8215,
      reasons: [
        'good: "x" is not true or false',
        "run number 8215 is out of range (1000-1999, 7)",
        "type is missing",
        "fill is missing",
        "luminosity cannot be negative (run.luminosity >= 0.0)",
      ],
    });
  });

  test("by what is known of the run together with what it says: a second record need not repeat what is required", () => {
    const known = aRun(8215, { attributes: { type: "physics" } });
    expect(take(known, { luminosity: 2 }, { required: ["type"] }).kind).toBe("changed");
  });

  test("not when it contradicts an earlier one in what never changes: the run stands still and keeps what it was", () => {
    const known = aRun(8215, { attributes: { type: "physics", luminosity: 1 } });
    const intake = take(known, { type: "cosmics", luminosity: 2 }, { constant: ["type", "fill"] });
    expect(intake).toMatchObject({
      kind: "quarantined",
      reasons: ['type was "physics" and this record says "cosmics"'],
      run: { attributes: { type: "physics", luminosity: 1 }, conflict: { since: AT + 1 } },
    });
    const again = take((intake as { run: Run }).run, { type: "test" }, { constant: ["type"] });
    expect(again).toMatchObject({ run: { conflict: { why: 'type was "physics" and this record says "cosmics"' } } });
  });

  test("when it says for the first time what never changes afterwards", () => {
    expect(take(aRun(8215), { fill: 7 }, { constant: ["fill"] })).toMatchObject({
      kind: "changed",
      run: { conflict: null },
    });
  });
});

describe("what expressions read of a run", () => {
  test("is its attributes, its number, and its duration where both ends are known", () => {
    const ends = { start: "2026-11-24T10:00:00.000Z", end: "2026-11-24T10:10:00.000Z" };
    expect(valuesOf({ number: 1, attributes: ends })).toEqual({ ...ends, duration: 600, number: 1 });
    expect(valuesOf({ number: 1, attributes: { ...ends, duration: 7 } }).duration).toBe(7);
    expect(valuesOf({ number: 1, attributes: { start: ends.start } })).not.toHaveProperty("duration");
    expect(valuesOf({ number: 1, attributes: { number: 9 } }).number).toBe(1);
  });
});

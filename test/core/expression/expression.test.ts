import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compile,
  type Expression,
  holds,
  isProblem,
  momentOf,
  scope,
} from "../../../src/core/expression/expression.ts";
import type { AttributeTypes, ExpressionProblem, Values } from "../../../src/core/expression/types.ts";
import { AT } from "../../contracts/things.ts";

const TYPES: AttributeTypes = {
  number: "int",
  type: "string",
  start: "timestamp",
  end: "timestamp",
  duration: "duration",
  luminosity: "double",
  bursts: "int",
  good: "bool",
  sectors: "list",
  magnet: "map",
};
const RUN = scope({}, TYPES);

function compiled(text: string, within = RUN, wanted: "bool" | "int" | "dyn" = "dyn"): Expression {
  const result = compile(text, within, wanted);
  if (isProblem(result)) throw new Error(`${text}: ${result.what}`);
  return result;
}
const answerOf = (text: string, run: Values = {}) => {
  const answer = compiled(text).ask({ run });
  return answer.known ? answer.value : `unknown: ${answer.why}`;
};
const problem = (text: string, wanted: "bool" | "int" | "dyn" = "bool", within = RUN) =>
  compile(text, within, wanted) as ExpressionProblem;

describe("an expression over a run", () => {
  test.each<[string, Values, unknown]>([
    ['run.type == "physics" && run.luminosity > 2', { type: "physics", luminosity: 3 }, true],
    ["run.luminosity > 2", { luminosity: 2 }, false],
    ['run.duration > duration("10m")', { duration: 601 }, true],
    ['run.duration > duration("10m")', { duration: "9m" }, false],
    ['run.end > timestamp("2026-11-24T00:00:00Z")', { end: "2026-11-24T00:00:01Z" }, true],
    ['run.end - run.start >= duration("1h")', { start: "2026-11-24T00:00:00Z", end: "2026-11-24T01:00:00Z" }, true],
    ['"barrel" in run.sectors', { sectors: ["endcap", "barrel"] }, true],
    ["run.sectors.size()", { sectors: ["a", "b"] }, 2],
    ["run.magnet.current > 2", { magnet: { current: 3.5 } }, true],
    ['run["type"]', { type: "cosmics" }, "cosmics"],
    ["run.number % 2 == 0", { number: 8216 }, true],
    ["has(run.luminosity)", {}, false],
  ])("%s", (text, run, expected) => {
    expect(answerOf(text, run)).toEqual(expected);
  });

  test.each<[string, Values, unknown]>([
    ["run.luminosity * 2", { luminosity: 1.5 }, 3],
    ["run.bursts * 1.5", { bursts: 3 }, 4.5],
    ["run.luminosity / run.bursts", { luminosity: 3, bursts: 2 }, 1.5],
    ["run.bursts > 2.5", { bursts: 3 }, true],
    ["run.luminosity >= 3", { luminosity: 3 }, true],
    ["run.luminosity == 3", { luminosity: 3 }, true],
    ["run.bursts != 2.5", { bursts: 3 }, true],
    ["run.bursts / 2", { bursts: 5 }, 2],
  ])("takes whole and other numbers together, as people write them: %s", (text, run, expected) => {
    expect(answerOf(text, run)).toBe(expected);
  });

  test("gives its count as a plain number", () => {
    expect(compiled("run.bursts + 1", RUN, "int").ask({ run: { bursts: 2 } })).toEqual({ known: true, value: 3 });
  });

  test("tells which attributes it reads", () => {
    expect([
      ...compiled(
        'run.type == "a" && (has(run.fill_) || run.sectors.all(s, s != run.type))',
        scope({}, { ...TYPES, fill_: "int" }),
      ).reads,
    ]).toEqual(["type", "fill_", "sectors"]);
  });
});

describe("an expression that asks for something which is not known yet", () => {
  test("is undecided, which is neither true nor false, and says what is not known", () => {
    const condition = compiled("run.luminosity > 2", RUN, "bool");
    for (const run of [{}, { luminosity: null }, { luminosity: undefined }])
      expect([holds(condition, { run }), condition.ask({ run })]).toEqual([
        undefined,
        { known: false, why: "luminosity is not known yet" },
      ]);
    expect(holds(compiled("!(run.luminosity > 2)", RUN, "bool"), { run: {} })).toBeUndefined();
  });

  test.each<[string, boolean | undefined]>([
    ['run.luminosity > 2 && run.type == "physics"', false],
    ['run.type == "physics" && run.luminosity > 2', false],
    ['run.luminosity > 2 || run.type == "cosmics"', true],
    ['run.luminosity > 2 || run.type == "physics"', undefined],
    ['run.luminosity > 2 && run.type == "cosmics"', undefined],
  ])("is decided all the same where the rest decides, in either order: %s", (text, expected) => {
    expect(holds(compiled(text, RUN, "bool"), { run: { type: "cosmics" } })).toBe(expected);
  });

  test("is undecided by a division by zero and by a key that an answer does not have", () => {
    expect(answerOf("1 / run.bursts", { bursts: 0 })).toBe("unknown: division by zero");
    const answer = compiled("answer.ready == true", scope({ answer: "dyn" }), "bool");
    expect(answer.ask({ answer: {} })).toEqual({ known: false, why: "ready is not known yet" });
    expect(holds(answer, { answer: { ready: "yes" } })).toBe(false);
  });

  test("is undecided where a value is of another kind than was declared since", () => {
    for (const [text, run] of [
      ["run.bursts > 2", { bursts: "many" }],
      ["run.bursts > 2", { bursts: { a: 1 } }],
      ["run.luminosity > 2", { luminosity: "x" }],
      ['run.end > timestamp("2026-01-01T00:00:00Z")', { end: "at night" }],
      ['run.duration > duration("1s")', { duration: "long" }],
      ["run.sectors.size() > 0", { sectors: 3 }],
    ] as const)
      expect({ text, holds: holds(compiled(text, RUN, "bool"), { run }) }).toEqual({ text, holds: undefined });
  });

  test("never throws, whatever the attributes of the run are", () => {
    const conditions = [
      'run.type == "a"',
      "run.bursts > 2",
      "run.luminosity * 2 > 1.5",
      "run.good",
      'run.end > run.start || run.duration > duration("1h")',
      "run.sectors.size() > 0 && run.magnet.current > 1",
    ].map((text) => compiled(text, RUN, "bool"));
    const attributes = fc.dictionary(
      fc.constantFrom(...Object.keys(TYPES)),
      fc.oneof(fc.jsonValue(), fc.double(), fc.constant(undefined)),
    );
    fc.assert(
      fc.property(attributes, (run) => {
        for (const condition of conditions) expect([true, false, undefined]).toContain(holds(condition, { run }));
      }),
    );
  });
});

describe("a condition over results", () => {
  const over = scope({ metrics: "map", iteration: "int" });
  const decided = (text: string, metrics: Values, iteration = 1) =>
    holds(compiled(text, over, "bool"), { metrics, iteration });

  test("reads metrics and the iteration", () => {
    expect(decided("metrics.shift < 10", { shift: 9.9 })).toBe(true);
    expect(decided("metrics.count == 3", { count: 3 })).toBe(true);
    expect(decided("metrics.a < metrics.b * 2", { a: 1, b: 0.75 })).toBe(true);
    expect(decided("metrics.shift < 10 || iteration >= 4", {}, 4)).toBe(true);
    expect(decided("metrics.shift < 10 || iteration >= 4", {}, 3)).toBeUndefined();
  });

  test("that is no condition at all is undecided", () => {
    expect(compiled("metrics.shift", over, "bool").ask({ metrics: { shift: 1 }, iteration: 1 })).toEqual({
      known: false,
      why: "metrics.shift is not true or false",
    });
  });
});

describe("a mistake in an expression", () => {
  test.each<[string, number, string, string]>([
    ["run.lumi > 2", 4, "lumi", "write run.luminosity"],
    ['rin.type == "physics"', 0, "rin", "write run"],
    ['type == "physics"', 0, "type", "write run.type"],
    ["run.type == physics", 12, "physics", 'write "physics"'],
    ['run.type = "physics"', 9, "=", "write =="],
    ['run.type == "physics" and run.good', 22, "and", "write &&"],
    ['run.type == "physics" OR run.good', 22, "OR", "||"],
    ["not run.good", 0, "not", "!"],
    ["run.good & run.good", 9, "&", "write &&"],
    ['run.number == "8215"', 0, "a whole number and a text", "one kind"],
    ["run.type ==", 11, "ends too early", "end"],
    ['run.type == "physics', 12, "Unterminated string", "quote"],
  ])("%s is told at its place, with what was wrong and what to write", (text, offset, wrong, instead) => {
    const found = problem(text);
    expect(found.what).toContain(wrong);
    expect(found.instead).toContain(instead);
    expect(found.offset).toBe(offset);
  });

  test("stands where it stands, also in an expression of several lines", () => {
    const text = 'run.luminosity > 2\n  && run.typ == "physics"';
    expect(text.slice(problem(text).offset)).toMatch(/^typ/);
  });

  test("a value of another kind than is wanted is told", () => {
    expect(problem("run.luminosity")).toMatchObject({
      what: "the expression gives double, not a condition, true or false",
    });
    expect(problem("run.luminosity", "int")).toMatchObject({ what: "the expression gives double, not a whole number" });
    expect(problem("run.bursts > 1", "int").what).toBe("the expression gives bool, not a whole number");
    expect(compile("run.magnet.current", RUN, "int")).not.toHaveProperty("what");
  });

  test("never throws, whatever the text is, and stands inside it", () => {
    const tokens = fc.constantFrom(
      "run",
      ".",
      "type",
      "==",
      '"a"',
      "(",
      ")",
      "&&",
      "!",
      "1",
      "2.5",
      "[",
      "]",
      "in",
      "has",
      "?",
      ":",
      " ",
      "\n",
      "'",
      "\\",
      "duration",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(tokens, { maxLength: 12 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const result = compile(text, RUN, "bool");
        if (!isProblem(result)) return;
        expect(result.offset).toBeGreaterThanOrEqual(0);
        expect(result.offset).toBeLessThanOrEqual(text.length);
        expect(result.what).not.toBe("");
        expect(result.instead).not.toBe("");
      }),
      { numRuns: 300 },
    );
  });
});

test("the moment of an attribute is one, or is not known", () => {
  expect(momentOf({ end: "2026-11-24T00:00:00Z" }, "end")).toBe(AT);
  expect(momentOf({ end: 17 }, "end")).toBeUndefined();
  expect(momentOf({}, "end")).toBeUndefined();
});

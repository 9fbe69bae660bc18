import { describe, expect, test } from "vitest";
import { configOf, issuesOf, oneWorkflow } from "./reading.ts";

const files = (validate: string) => oneWorkflow(`tasks:\n  fit:\n    run: [fit]\n    validate: ${validate}\n`);
const validationOf = (validate: string) => configOf(files(validate)).workflows["t0"]?.tasks[0]?.validation;
const mistakesOf = (validate: string) =>
  issuesOf(files(validate)).map((line) => line.replace("workflows/t0/workflow.yaml:", ""));
const shift = (conditions: string) => `{ thresholds: { shift: { ${conditions} } } }`;
const t0 = (channels: string) => `{ thresholds: { t0: { channels: { ${channels} } } } }`;

describe("validate", () => {
  test("compares with the result before, asks about the first, and looks back over 20, where nothing else is declared", () => {
    const validation = validationOf(shift("accept: metrics.shift < previous.shift, veto: metrics.shift > 100"));
    expect(validation).toMatchObject({ referenceRun: undefined, window: 20, first: "ask" });
    const [threshold] = validation?.thresholds ?? [];
    if (threshold?.kind !== "condition") throw new Error("expected conditions");
    expect(threshold.name).toBe("shift");
    expect(threshold.accept?.ask({ metrics: { shift: 1 }, previous: { shift: 2 } })).toMatchObject({ value: true });
    expect(threshold.veto?.ask({ metrics: { shift: 101 } })).toMatchObject({ value: true });
  });

  test("may have a reference, a window, another beginning, and limits for each of many channels", () => {
    expect(
      validationOf(
        "{ first: accept, reference: { run: 7214 }, window: 5, thresholds: { t0: { channels: { prefix: t0_, error: t0err_, against: reference, act: 0.5, significance: 3, most: 20, most-error: 10, may-ask: 2 } } } }",
      ),
    ).toEqual({
      first: "accept",
      referenceRun: 7214,
      window: 5,
      thresholds: [
        {
          kind: "channels",
          name: "t0",
          prefix: "t0_",
          error: "t0err_",
          against: "reference",
          act: 0.5,
          significance: 3,
          most: 20,
          mostError: 10,
          mayAsk: 2,
        },
      ],
    });
  });
});

describe("a mistake in thresholds is told with its place, and what to write instead:", () => {
  test.each([
    ["no threshold", "{ thresholds: {} }", "{}", "no threshold; declare at least one"],
    ["nothing in one", shift(""), "{  }", "no kind is given; write exactly one of accept, veto, channels"],
    ["another variable", shift("accept: metric.shift < 5"), "metric.", "there is no metric here; write metrics"],
    ["another statistic", shift("accept: metrics.shift < history.men.shift"), "men.", "history has no men; write mean"],
    [
      "a text for a number",
      shift(`accept: metrics.shift == "good"`),
      "metrics.",
      '== does not take a number and a text; write things of one kind: a text is "physics", a length of time duration("10m"), a moment timestamp("2026-11-24T10:00:00Z")',
    ],
    [
      "no condition",
      shift("accept: metrics.shift"),
      "metrics.",
      "the expression gives double, not a condition, true or false; compare it with something, or use bool(...)",
    ],
    [
      "no reference",
      shift("accept: metrics.shift < reference.shift"),
      "metrics.",
      "there is no reference to compare with; add reference: { run: 1234 } under validate",
    ],
    [
      "no reference for channels",
      t0("prefix: t0_, act: 1, most: 2, against: reference"),
      "reference }",
      "there is no reference to compare with; add reference: { run: 1234 } under validate",
    ],
    [
      "limits without room",
      t0("prefix: t0_, act: 3, most: 2"),
      "2 }",
      "no change may be more than 2, and none counts below 3; write more than 3",
    ],
    [
      "significance without errors",
      t0("prefix: t0_, act: 1, significance: 3, most: 2"),
      "3, most",
      "there are no errors; add error: how their names begin, or leave it out",
    ],
    [
      "errors that are the values",
      t0("prefix: t0_, error: t0_, act: 1, most: 2"),
      "t0_, act",
      "the errors would be the values; write how their names begin",
    ],
    [
      "conditions beside channels",
      "{ thresholds: { t0: { accept: yes > 1, channels: { prefix: t0_, act: 1, most: 2 } } } }",
      "yes",
      "accept stands beside channels; write a threshold of its own for it",
    ],
    ["a negative limit", t0("prefix: t0_, act: -1, most: 2"), "-1", "less than nothing; write 0 or more"],
  ])("%s", (_, validate, at, words) => {
    const column = "    validate: ".length + validate.indexOf(at) + 1;
    expect(mistakesOf(validate)).toEqual([`6:${column}: ${words}`]);
  });
});

import { describe, expect, test } from "vitest";
import { configOf, issuesOf, oneWorkflow, type Written } from "./reading.ts";

const HOUR = 3_600_000;
const PEOPLE = `people:
  ann: { name: Ann, roles: [expert, timing] }
  ben: { name: Ben, roles: [timing] }
  joe: { name: Joe, roles: [manager] }
oncall:
  shift: { timezone: UTC, start: 2026-11-02T08:00, every: 7d, people: [ben, joe] }
`;

function files(signoff: string, more: Written = { "people.yaml": PEOPLE }): Written {
  return oneWorkflow(`tasks:\n  fit:\n    run: [fit]\n    signoff: ${signoff}\n`, more);
}

const ruleOf = (signoff: string, more?: Written) => configOf(files(signoff, more)).workflows["t0"]?.tasks[0]?.signoff;
const mistakesOf = (signoff: string) =>
  issuesOf(files(signoff)).map((line) => line.replace("workflows/t0/workflow.yaml:", ""));

describe("signoff", () => {
  test("of one role is one step, to be taken by one person, without a rule and for ever", () => {
    expect(ruleOf("{ role: timing }")).toEqual({
      steps: [{ role: "timing", approvals: 1, deputies: [] }],
      samePerson: false,
      auto: undefined,
      remindMs: undefined,
      escalate: undefined,
      due: undefined,
      whenDue: "wait",
    });
  });

  test("may have steps, a rule, reminders, somebody further up and a deadline", () => {
    const rule = ruleOf(
      `{ steps: [{ role: timing, approvals: 2 }, { role: manager, deputies: [ann] }], auto: metrics.max < 2, remind: 4h, escalate: { after: 12h, to: { oncall: shift } }, due: { release: 48h }, when-due: fail }`,
    );
    expect(rule).toMatchObject({
      steps: [
        { role: "timing", approvals: 2, deputies: [] },
        { role: "manager", approvals: 1, deputies: ["ann"] },
      ],
      remindMs: 4 * HOUR,
      escalate: { afterMs: 12 * HOUR, to: { oncall: "shift" } },
      due: { afterMs: 48 * HOUR, from: "release" },
      whenDue: "fail",
    });
    expect(rule?.auto?.ask({ metrics: { max: 1.5 }, verdict: "none" })).toEqual({ known: true, value: true });
    expect(ruleOf("{ role: ben, due: 24h }")?.due).toEqual({ afterMs: 24 * HOUR, from: "asked" });
  });

  test("may name whoever it wants where there is no people.yaml", () => {
    expect(ruleOf("{ role: whoever, approvals: 3 }", {})?.steps[0]?.role).toBe("whoever");
  });
});

describe("a mistake in a sign-off is told with its place, and what to write instead:", () => {
  test.each([
    ["an unknown role", "{ role: timming }", "6:22: no role or person is called timming; write timing"],
    [
      "an unknown deputy of a step",
      "{ steps: [{ role: timing, deputies: [jo] }] }",
      "6:51: no role or person is called jo; write joe",
    ],
    [
      "neither a role nor steps",
      "{ auto: metrics.max < 2 }",
      "6:14: no kind is given; write exactly one of role, steps",
    ],
    [
      "more people than there are",
      "{ role: timing, approvals: 3 }",
      "6:41: only 2 of people.yaml may sign here; write 2, or give the role to more people",
    ],
    [
      "approvals beside steps",
      "{ steps: [{ role: timing }], approvals: 2 }",
      "6:54: approvals stands beside steps; write it in each step",
    ],
    [
      "what happens at no deadline",
      "{ role: timing, when-due: fail }",
      "6:40: there is no deadline; add due: 48h, or leave it out",
    ],
    ["one person for one step", "{ role: timing, same-person: true }", "6:43: there is only one step; leave it out"],
    [
      "a rota that there is not",
      "{ role: timing, escalate: { after: 1h, to: { oncall: shfit } } }",
      "6:67: there is no rota shfit; write shift",
    ],
    [
      "somebody whom nobody knows",
      "{ role: timing, escalate: { after: 1h, to: { person: an } } }",
      "6:67: nobody is called an; write ann",
    ],
    ["an unknown key", "{ role: timing, remnid: 4h }", '6:30: unknown key "remnid"; write remind'],
    ["reminders every second", "{ role: timing, remind: 1s }", "6:38: too often; write 1m or more"],
    ["a rule over what there is not", "{ role: timing, auto: shift < 2 }", undefined],
  ])("%s", (_name, signoff, expected) => {
    const mistakes = mistakesOf(signoff);
    expect(mistakes).toHaveLength(1);
    if (expected !== undefined) expect(mistakes[0]).toBe(expected);
    else expect(mistakes[0]).toMatch(/^6:\d+: .+; .+/);
  });
});

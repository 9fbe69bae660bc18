import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  endSilence,
  type Matcher,
  matchersInWords,
  parseMatchers,
  type Silence,
  silencedUntil,
  silences,
} from "../../../src/core/alert/silence.ts";
import { AT, anAlert } from "../../contracts/things.ts";

const silence = (matchers: readonly Matcher[], more: Partial<Silence> = {}): Silence => ({
  id: 1,
  matchers,
  by: "jun",
  at: AT,
  until: AT + 100,
  why: "cable",
  endedBy: null,
  ...more,
});
const ALERT = anAlert(1, { evidence: { ...anAlert(1).evidence, firstError: "ERROR: Disk full on node 7" } });
const of = (text: string) => {
  const matchers = parseMatchers(text);
  if ("problem" in matchers) throw new Error(matchers.problem);
  return silence(matchers);
};

describe("a silence matches", () => {
  test.each([
    ["workflow=t0", true],
    ["workflow=t*", true],
    ["workflow=t1", false],
    ["workflow=t0,task=calibrate", true],
    ["workflow=t0,task=fit", false],
    ["environment=production", true],
    ["environment=mirror/*", false],
    ["severity=warning", true],
    ["severity=critical", false],
    ["text~disk full", true],
    ["workflow=t0,text~disk, task=c*", true],
    ["text~no pulser", false],
  ])("%s: %s", (text, expected) => {
    expect(silences(of(text), ALERT, AT)).toBe(expected);
  });

  test("an environment with steps in its name by one star", () => {
    expect(silences(of("environment=mirror/*"), anAlert(1, { environment: "mirror/ann/fit" }), AT)).toBe(true);
  });

  test("as long as it lasts, and no longer", () => {
    const one = of("workflow=t0");
    expect([silences(one, ALERT, AT + 99), silences(one, ALERT, AT + 100)]).toEqual([true, false]);
    expect(endSilence(one, "ann", AT + 50)).toMatchObject({ ok: true, next: { until: AT + 50, endedBy: "ann" } });
    expect(endSilence(one, "ann", AT + 100)).toMatchObject({ ok: false, reason: "over" });
  });
});

const matchers = fc.array(
  fc.constantFrom<Matcher>(
    { what: "workflow", value: "t0" },
    { what: "workflow", value: "t1" },
    { what: "task", value: "cal*" },
    { what: "severity", value: "critical" },
    { what: "text", value: "disk" },
  ),
  { minLength: 1, maxLength: 4 },
);
const several = fc.array(
  fc.tuple(matchers, fc.integer({ min: -50, max: 200 })).map(([all, until]) => silence(all, { until: AT + until })),
  { maxLength: 6 },
);

describe("silences only ever add up:", () => {
  test("one more never lets anything be heard sooner", () => {
    fc.assert(
      fc.property(several, several, (some, more) => {
        const before = silencedUntil(some, ALERT, AT) ?? AT;
        expect(silencedUntil([...some, ...more], ALERT, AT) ?? AT).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test("one more condition never silences anything more", () => {
    fc.assert(
      fc.property(matchers, matchers, (some, more) => {
        if (silences(silence([...some, ...more]), ALERT, AT)) expect(silences(silence(some), ALERT, AT)).toBe(true);
      }),
    );
  });
});

describe("what a silence matches is written so that it can be read again", () => {
  test("whatever it is", () => {
    fc.assert(
      fc.property(matchers, (all) => {
        expect(parseMatchers(matchersInWords(all))).toEqual(all);
      }),
    );
  });

  test.each([
    ["", "nothing says which alerts", /write for example workflow=t0/],
    ["t0", '"t0" is not something that an alert has', /write for example/],
    ["workflw=t0", '"workflw=t0" is not something that an alert has', /^write workflow$/],
    ["workflow=", '"workflow=" is not something that an alert has', /write for example/],
    ["workflow~t0", "workflow is asked for with =", /write for example/],
    ["text=disk", "text is asked for with ~", /write for example/],
    ["severity=bad", "there is no severity bad", /write one of info, warning, critical/],
  ])("%j is not", (text, problem, instead) => {
    expect(parseMatchers(text)).toEqual({ problem, instead: expect.stringMatching(instead) });
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Metrics } from "../../../src/core/job/outputs.ts";
import { judge } from "../../../src/core/validation/judge.ts";
import { historyOf } from "../../../src/core/validation/seen.ts";
import type { ChannelThreshold, First } from "../../../src/core/validation/thresholds.ts";

const T0: ChannelThreshold = {
  kind: "channels",
  name: "t0",
  prefix: "t0_",
  error: "t0err_",
  against: "previous",
  act: 0.5,
  significance: 3,
  most: 20,
  mostError: undefined,
  mayAsk: 0,
};

function judged(
  metrics: Metrics,
  previous: Metrics | undefined,
  more: Partial<ChannelThreshold> = {},
  first: First = "ask",
) {
  const validation = { thresholds: [{ ...T0, ...more }], referenceRun: undefined, window: 20, first };
  return judge(validation, { metrics, previous, reference: undefined, history: historyOf([]) });
}

/** Of one channel that moved from 10, with this error. */
function channel(value: number, error: number | undefined, more: Partial<ChannelThreshold> = {}) {
  const metrics = { t0_7: value, ...(error !== undefined && { t0err_7: error }) };
  const [, finding] = judged(metrics, { t0_7: 10 }, more).findings;
  return finding;
}

describe("a channel", () => {
  test.each<[string, number, number | undefined, Partial<ChannelThreshold>, string, string]>([
    ["that hardly moves is accepted", 10.4, 0.01, {}, "accept", "change 0.4: less than 0.5"],
    ["that does not move significantly is accepted", 12, 1, {}, "accept", "change 2: 2 times its error, less than 3"],
    ["that moves significantly asks", 12, 0.5, {}, "ask", "change 2: 0.5 or more, 4 times its error"],
    ["that moves down asks as well", 8, 0.5, {}, "ask", "change -2: 0.5 or more, 4 times its error"],
    ["that moves too far vetoes", 31, 100, {}, "veto", "change 21: more than the 20 that it may be"],
    ["without an error asks", 12, undefined, {}, "ask", "change 2, and its error is not there"],
    ["with an error below nothing asks", 12, -1, {}, "ask", "change 2, and its error is less than nothing"],
    ["that is exact asks when it moves", 12, 0, {}, "ask", "change 2: 0.5 or more"],
    ["known too badly vetoes", 12, 6, { mostError: 5 }, "veto", "change 2, known to 6 only: worse than 5"],
    [
      "asks without errors declared",
      12,
      1,
      { error: undefined, significance: undefined },
      "ask",
      "change 2: 0.5 or more",
    ],
  ])("%s", (_, value, error, more, verdict, detail) => {
    expect(channel(value, error, more)).toMatchObject({ name: "t0", channel: "7", verdict, detail });
  });

  test("may be the change itself, which needs nothing earlier", () => {
    const moves = (move: number, more: Metrics = {}) =>
      judged({ t0_7: move, t0err_7: 1, ...more }, undefined, { against: "zero" }).findings[1];
    expect(moves(-0.4)).toMatchObject({ verdict: "accept", detail: "change -0.4: less than 0.5" });
    expect(moves(-12)).toMatchObject({ verdict: "ask", detail: "change -12: 0.5 or more, 12 times its error" });
    expect(moves(-21)).toMatchObject({ verdict: "veto", numbers: { change: -21 } });
    // Whatever an earlier result had: it was another change.
    const before = judged({ t0_7: 0 }, { t0_7: 100, t0_8: 100 }, { against: "zero" });
    expect(before).toMatchObject({ verdict: "accept", findings: [{ numbers: { channels: 1 } }, {}] });
  });

  test("keeps its numbers", () => {
    expect(channel(12, 0.5)?.numbers).toEqual({ value: 12, before: 10, error: 0.5, change: 2 });
  });

  test("that appears or disappears asks", () => {
    const { findings } = judged({ t0_1: 1, t0_2: 2, t0err_1: 1, t0err_2: 1 }, { t0_1: 1, t0_3: 3 });
    expect(findings.map(({ channel: of, verdict, detail }) => [of, verdict, detail])).toEqual([
      [undefined, "ask", "2 of 3 channels ask"],
      ["2", "ask", "it has a value now and had none before"],
      ["3", "ask", "it had a value before and has none now"],
      ["1", "accept", "change 0: less than 0.5"],
    ]);
  });
});

describe("all channels", () => {
  test("are told of at once, with how many and how much", () => {
    const { verdict, findings } = judged({ t0_1: 10, t0_2: 40, t0err_1: 1, t0err_2: 1 }, { t0_1: 10, t0_2: 10 });
    expect(verdict).toBe("veto");
    expect(findings[0]).toEqual({
      name: "t0",
      verdict: "veto",
      detail: "1 of 2 channels changes too much",
      numbers: { channels: 2, asking: 0, vetoing: 1, may_ask: 0, largest_change: 30 },
    });
  });

  test("ask nobody while so few do, if that is declared", () => {
    const metrics = { t0_1: 12, t0_2: 10, t0err_1: 0.1, t0err_2: 0.1 };
    const previous = { t0_1: 10, t0_2: 10 };
    expect(judged(metrics, previous).verdict).toBe("ask");
    const { verdict, findings } = judged(metrics, previous, { mayAsk: 1 });
    expect(verdict).toBe("accept");
    expect(findings.map(({ detail }) => detail)).toEqual([
      "1 of 2 channels asks, and 1 may",
      "change 2: 0.5 or more, 20 times its error; so few may",
      "change 0: less than 0.5",
    ]);
  });

  test("ask where there are none, and do as declared for the first result", () => {
    expect(judged({ shift: 1 }, { t0_1: 1 }, {}, "accept")).toMatchObject({
      verdict: "ask",
      findings: [{ detail: "the result has no metric that begins with t0_" }],
    });
    expect(judged({ t0_1: 1 }, undefined).verdict).toBe("ask");
    expect(judged({ t0_1: 1 }, undefined, {}, "accept").verdict).toBe("accept");
    expect(judged({ t0_1: 1 }, { t0_1: 1 }, { against: "reference" }, "accept").verdict).toBe("ask");
  });

  test("are no errors whose names begin alike", () => {
    const error = "t0_err_";
    const { findings } = judged({ t0_1: 12, t0_err_1: 0.5 }, { t0_1: 10, t0_err_1: 9 }, { error });
    expect(findings.map(({ channel: of }) => of)).toEqual([undefined, "1"]);
    expect(findings[1]?.detail).toBe("change 2: 0.5 or more, 4 times its error");
  });

  test("are kept only as far as anybody looks, the worst first", () => {
    const many = (of: (wire: number) => number, prefix = "t0_") =>
      Object.fromEntries(Array.from({ length: 2_000 }, (_, wire) => [`${prefix}${wire}`, of(wire)]));
    const metrics = { ...many((wire) => wire / 100), ...many(() => 0.001, "t0err_") };
    const { findings } = judged(
      metrics,
      many(() => 0),
    );
    expect(findings).toHaveLength(51);
    expect(findings[0]?.numbers).toMatchObject({ channels: 2_000, asking: 1_950, vetoing: 0 });
    expect(findings[1]).toMatchObject({ channel: "1999", verdict: "ask" });
  });
});

test("no change that is larger is judged better, and the whole is as bad as its worst channel", () => {
  const RANK = { accept: 0, ask: 1, veto: 2 };
  const changes = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(changes, (moved) => {
      const metrics = Object.fromEntries(
        moved.flatMap((by, wire) => [
          [`t0_${wire}`, by],
          [`t0err_${wire}`, 1],
        ]),
      );
      const previous = Object.fromEntries(moved.map((_, wire) => [`t0_${wire}`, 0]));
      const { verdict, findings } = judged(metrics, previous);
      const [whole, ...channels] = findings;
      const sizes = channels.map(({ numbers }) => numbers["change"] ?? 0);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      const ranks = channels.map((one) => RANK[one.verdict]);
      expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
      expect([verdict, whole?.verdict]).toEqual([channels[0]?.verdict, channels[0]?.verdict]);
    }),
  );
});

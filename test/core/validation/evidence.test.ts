import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderBlocks } from "../../../src/adapters/chat/console/render.ts";
import type { Block } from "../../../src/core/say.ts";
import { changesOf, changeTable, findingsList, findingWithNumbers } from "../../../src/core/validation/evidence.ts";
import type { ThresholdFinding, Verdict } from "../../../src/core/validation/judgement.ts";
import { AT } from "../../contracts/things.ts";

const lines = (blocks: readonly Block[]) => renderBlocks(blocks, { width: 200, now: AT, zone: "UTC" }).split("\n");
const finding = (name: string, verdict: Verdict, more: Partial<ThresholdFinding> = {}): ThresholdFinding => ({
  name,
  verdict,
  detail: `it is ${verdict}`,
  numbers: {},
  ...more,
});

const FINDINGS = [
  finding("width", "accept", { numbers: { "metrics.rms": 3 } }),
  finding("t0", "veto"),
  finding("t0", "veto", { channel: "17", numbers: { change: 31.4159265 } }),
  finding("shift", "ask"),
];

describe("what thresholds said", () => {
  test("is told with the worst first", () => {
    expect(lines(findingsList(FINDINGS, 9))).toEqual([
      "  - ✗ t0: it is veto",
      "  - ✗ t0 17: it is veto",
      "  - ? shift: it is ask",
      "  - ✓ width: it is accept",
    ]);
  });

  test("is cut where nobody reads on, and says so", () => {
    expect(lines(findingsList(FINDINGS, 1))).toEqual(["  - ✗ t0: it is veto", "  - and 3 more"]);
    expect(findingsList([], 1)).toEqual([]);
  });

  test("may have the numbers that its words leave out", () => {
    expect(lines(findingsList(FINDINGS, 2, findingWithNumbers))).toEqual([
      "  - ✗ t0: it is veto",
      "  - ✗ t0 17: it is veto (change 31.416)",
      "  - and 2 more",
    ]);
    expect(findingWithNumbers(finding("t0", "ask", { detail: "change 3", numbers: { change: 3, error: 1 } }))).toBe(
      "? t0: change 3 (error 1)",
    );
  });
});

describe("numbers beside those before", () => {
  test("begin with what is gone or new, and then with what changed most of itself", () => {
    const now = { big: 1_010, small: 2, same: 5, fresh: 1 };
    const before = { big: 1_000, small: 1, same: 5, gone: 4 };
    expect(changesOf(now, before)).toEqual([
      { metric: "fresh", value: 1, previous: null, change: null },
      { metric: "gone", value: null, previous: 4, change: null },
      { metric: "small", value: 2, previous: 1, change: 1 },
      { metric: "big", value: 1_010, previous: 1_000, change: 10 },
      { metric: "same", value: 5, previous: 5, change: 0 },
    ]);
    expect(lines(changeTable(now, before, 3))).toEqual([
      "  metric  value  before  change",
      "  fresh       1       -       -",
      "  gone        -       4       -",
      "  small       2       1      +1",
      "2 more: with --json.",
    ]);
  });

  test("stand alone where there were none", () => {
    expect(lines(changeTable({ a: 1.23456789 }, undefined, 9))).toEqual(["  metric   value", "  a       1.2346"]);
    expect(changeTable({}, undefined, 9)).toEqual([]);
  });

  test("are all of both, each once, whatever they are called", () => {
    const metrics = fc.dictionary(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(metrics, metrics, (now, before) => {
        const changes = changesOf(now, before);
        const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
        expect(changes.map(({ metric }) => metric).sort()).toEqual(names.sort());
      }),
    );
  });
});

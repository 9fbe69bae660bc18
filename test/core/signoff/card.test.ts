import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderBlocks } from "../../../src/adapters/chat/console/render.ts";
import { stillStands } from "../../../src/core/chat/standing.ts";
import type { Block } from "../../../src/core/say.ts";
import { type Evidence, isOver, signoffCard } from "../../../src/core/signoff/card.ts";
import { approve } from "../../../src/core/signoff/life.ts";
import type { Signoff } from "../../../src/core/signoff/signoff.ts";
import { signoffDetails } from "../../../src/core/signoff/thread.ts";
import { reminder } from "../../../src/core/signoff/words.ts";
import { AT, aSignoff } from "../../contracts/things.ts";

/** As many letters as a line has on a phone. */
const PHONE = { width: 44, now: AT, zone: "UTC" };
const HOUR = 3_600_000;

const STEPS = [
  { role: "timing", approvals: 2, deputies: ["mia"] },
  { role: "manager", approvals: 1, deputies: [] },
];
const asked = aSignoff(3, {
  taskId: 17,
  attempt: 2,
  commit: "c0ffee1234",
  reason: "shift: 12 ps, at most 10",
  steps: STEPS,
  authors: ["joe"],
  dueAt: AT + 48 * HOUR,
});
const evidence: Evidence = {
  runs: [8215, 8216],
  metrics: { max_shift_ps: 12.03456789, tables: 16 },
  inUse: { of: "8214 (task 9)", metrics: { max_shift_ps: 4, tables: 16 } },
  judgement: {
    findings: [
      { name: "tables", verdict: "accept", detail: "16 of 16", numbers: {} },
      { name: "shift", channel: "sector-3", verdict: "ask", detail: "12 ps, at most 10", numbers: { max: 12 } },
    ],
  },
  stale: null,
  author: "Joe: finer binning",
  plots: [{ url: "http://bot/outputs/1/1/shift.png", label: "plots/shift.png" }],
};

const lines = (blocks: readonly Block[]) => renderBlocks(blocks, { ...PHONE, width: 200 }).split("\n");

describe("the card of a sign-off", () => {
  test("shows everything that is needed to decide", () => {
    expect(lines(signoffCard(asked, evidence))).toEqual([
      "Please sign t0/calibrate of 8215, attempt 2 (task 17)",
      "  runs      runs 8215, 8216",
      "  why       shift: 12 ps, at most 10",
      "  commit    c0ffee12 by Joe: finer binning",
      "  may sign  2 of timing (or mia), then manager; not joe, whose work it is",
      "  until     2026-11-26 00:00",
      "  - ? shift sector-3: 12 ps, at most 10",
      "  - ✓ tables: 16 of 16",
      "Against what is in use, 8214 (task 9):",
      "  - max_shift_ps 12.035 (was 4, +8.0346)",
      "  - tables 16 (as it was)",
      "  - plots/shift.png http://bot/outputs/1/1/shift.png",
      "  type: approve signoff:3 --shown digest | reject signoff:3 --shown digest",
    ]);
  });

  test("says who has signed, and what is still to come", () => {
    const once = approve(
      asked,
      { voter: { id: "ann", roles: ["timing"], owner: false }, shown: "digest", why: "flat" },
      AT,
    );
    const text = lines(signoffCard(once.ok ? once.next : asked, evidence)).join("\n");
    expect(text).toContain("may sign  2 of timing (or mia), 1 given, then manager");
    expect(text).toMatch(/signed +ann .*: flat/);
  });

  test.each<[Partial<Signoff>, string]>([
    [{ state: "approved", endedAt: AT }, "Signed: t0/calibrate of 8215, attempt 2 (task 17)"],
    [{ state: "rejected", reason: "outliers" }, "Rejected: t0/calibrate of 8215, attempt 2 (task 17): outliers"],
    [
      { state: "lapsed", reason: "made anew" },
      "Nothing to sign any more: t0/calibrate of 8215, attempt 2 (task 17): made anew",
    ],
    [{ state: "revoked", reason: "wrong" }, "Revoked: t0/calibrate of 8215, attempt 2 (task 17): wrong"],
  ])("of one that is %o has nothing to press any more", (more, first) => {
    const ended = { ...asked, ...more };
    const blocks = signoffCard(ended, evidence);
    expect(lines(blocks)[0]).toBe(first);
    expect(blocks.some(({ kind }) => kind === "buttons")).toBe(false);
    expect([isOver(ended), isOver(asked)]).toEqual([true, false]);
  });

  test("stays as long as a phone has patience for, whatever a job has written", () => {
    const names = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 30 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      {
        maxKeys: 60,
      },
    );
    const findings = fc.array(
      fc.record({
        name: fc.constant("shift"),
        verdict: fc.constantFrom("accept" as const, "ask" as const, "veto" as const),
        detail: fc.constant("x"),
        numbers: fc.constant({}),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(names, findings, (metrics, found) => {
        const blocks = signoffCard(asked, { ...evidence, metrics, judgement: { findings: found } });
        const items = blocks.flatMap((block) => (block.kind === "list" ? block.items : []));
        expect(items.length).toBeLessThanOrEqual(9 + 9 + 8);
        expect(blocks.some(({ kind }) => kind === "table")).toBe(false);
        // What asks for a person is never behind what does not.
        const first = items[0]?.[0];
        if (found.some(({ verdict }) => verdict === "veto")) expect(String(first)).toMatch(/^✗/);
      }),
    );
  });
});

describe("a button of the card", () => {
  const [standing] = signoffCard(asked, evidence).flatMap((block) =>
    block.kind === "buttons" ? block.buttons.map((button) => button.while) : [],
  );
  const stands = (now: Signoff | undefined) => standing && stillStands(standing, { signoff: now });

  test("holds while others sign the same", () => {
    const votes = [{ by: "ann", step: 0, vote: "approve", why: null, at: AT }] as const;
    expect(stands({ ...asked, votes })).toEqual({ ok: true });
  });

  test.each<[string, Signoff | undefined, string]>([
    ["is signed", { ...asked, state: "approved" }, "approved"],
    ["shows something else", { ...asked, shown: "other" }, "moved"],
    ["is gone", undefined, "gone"],
  ])("is stale once the sign-off %s", (_what, now, state) => {
    expect(stands(now)).toEqual({ ok: false, kind: "signoff", id: 3, state });
  });
});

test("its thread tells each word once, with the step where there are several", () => {
  const votes = [
    { by: "ann", step: 0, vote: "approve", why: "flat", at: AT },
    { by: "joe", step: 1, vote: "reject", why: "wrong reference", at: AT + 1 },
  ] as const;
  const told = signoffDetails("signoff 3", { ...asked, votes });
  expect(told.map(({ blocks }) => lines(blocks).join(" "))).toEqual([
    "ann signed it (timing): flat",
    "joe rejected it: wrong reference",
  ]);
  expect(new Set(told.map(({ key }) => key)).size).toBe(2);
  expect(signoffDetails("signoff 3", { ...asked, state: "revoked", reason: "bad" })).toHaveLength(1);
});

test("a reminder says how long it has waited, for whom, and what to type", () => {
  expect(lines(reminder(asked, "remind", AT + 4 * HOUR))).toEqual([
    "t0/calibrate of 8215, attempt 2 has waited 4h to be signed.",
    "It is for 2 of timing (or mia), then manager; not joe, whose work it is.",
    "  type: approve signoff:3 --shown digest | reject signoff:3 --shown digest | task 17",
  ]);
  expect(lines(reminder(asked, "late", AT))[0]).toContain("should have been signed by 2026-11-26 00:00");
});

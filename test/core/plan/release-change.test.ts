import { expect, test } from "vitest";
import { releaseChanges } from "../../../src/core/plan/release-change.ts";
import type { LockDefinition } from "../../../src/core/workflow/workflow.ts";

const HOLD: Extract<LockDefinition, { kind: "released" }> = {
  kind: "released",
  afterMs: 172_800_000,
  early: [{ workflow: "t0" }],
  announceMs: 3_600_000,
  extend: { role: "manager", persons: 2 },
};
const told = (before: readonly LockDefinition[], after: readonly LockDefinition[]) =>
  releaseChanges("reco", before, after).map(
    ({ what, from, to, direction }) => `${direction}: ${what} ${from} -> ${to}`,
  );

test("a hold that is shorter, or moved by fewer people, is looser", () => {
  expect(told([HOLD], [HOLD])).toEqual([]);
  expect(
    told([HOLD], [{ ...HOLD, afterMs: 86_400_000, extend: { role: "expert", persons: 1 }, early: undefined }]),
  ).toEqual([
    "looser: locks.released.after 2d -> 1d",
    "looser: locks.released.extend.persons 2 -> 1",
    "changed: locks.released.early t0 -> never",
    "changed: locks.released.extend.role manager -> expert",
  ]);
  expect(told([HOLD], [])).toEqual([
    "looser: locks.released 2d after the run, put off or ended by 2 with the role manager -> null",
  ]);
});

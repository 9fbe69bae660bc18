import { expect, test } from "vitest";
import { notSigned } from "../../../src/core/signoff/lock.ts";
import { AT, aSignoff, aTask } from "../../contracts/things.ts";

const STEPS = [
  { role: "timing", deputies: [], approvals: 2 },
  { role: "manager", deputies: ["zoe"], approvals: 1 },
];
const vote = (by: string, step: number) => ({ by, step, vote: "approve", why: null, at: AT }) as const;
const task = aTask(7, { workflow: "t0", name: "fit", groupKey: "8215", state: "awaiting-signoff", attempt: 2 });
const signoff = aSignoff(1, { taskId: 7, attempt: 2, state: "asked", steps: STEPS, votes: [] });

test.each([
  [
    "nobody was asked, and it is under way",
    { ...task, state: "processing" as const },
    undefined,
    undefined,
    "t0/fit of 8215 (task 7) is not done",
  ],
  [
    "it was done without one",
    { ...task, state: "done" as const },
    undefined,
    undefined,
    "t0/fit of 8215 (task 7) was done, and nobody was asked to sign it",
  ],
  [
    "what was signed was another attempt",
    task,
    { ...signoff, attempt: 1, state: "approved" as const },
    undefined,
    "t0/fit of 8215 (task 7) is not done",
  ],
  [
    "nobody has signed",
    task,
    signoff,
    undefined,
    "t0/fit of 8215 (task 7) is not signed yet by 2 of timing, then manager (or zoe)",
  ],
  [
    "one of two has",
    task,
    { ...signoff, votes: [vote("ann", 0)] },
    "timing",
    "t0/fit of 8215 (task 7) is not signed yet by 2 of timing",
  ],
  [
    "the role is in no step",
    task,
    signoff,
    "expert",
    "t0/fit of 8215 (task 7) is not signed by expert, who is in none of its steps",
  ],
  [
    "it was taken back",
    task,
    { ...signoff, state: "revoked" as const, reason: "a cable" },
    undefined,
    "t0/fit of 8215 (task 7): its sign-off is revoked: a cable",
  ],
])("a result is not signed where %s", (_, of, signed, role, why) => {
  expect(notSigned(of, signed, role)?.why).toBe(why);
});

test("a result is signed when all steps are taken, or that of the role, or somebody goes on without it", () => {
  const votes = [vote("ann", 0), vote("ben", 0)];
  expect(notSigned(task, { ...signoff, state: "approved" }, undefined)).toBeUndefined();
  expect(notSigned(task, { ...signoff, votes }, "timing")).toBeUndefined();
  expect(notSigned(task, { ...signoff, votes }, undefined)).toMatchObject({ by: "manager" });
  expect(notSigned({ ...task, state: "skipped" }, undefined, undefined)).toBeUndefined();
});

import { describe, expect, test } from "vitest";
import { tasksLeft } from "../../../src/core/campaign/left.ts";
import { blockedOf, progressOf } from "../../../src/core/campaign/progress.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { AT, aTask } from "../../contracts/things.ts";

const tally = (workflow: string, state: string, count: number, campaign = "proc8") => ({
  campaign,
  workflow,
  state,
  count,
});

describe("progress", () => {
  test("is told by workflow, with whose it is, also where nothing has come yet", () => {
    expect(
      progressOf(
        [tally("t0", "done", 3), tally("t0", "processing", 2), tally("t0", "done", 1), tally("gone", "failed", 1)],
        {
          t0: "ann",
          reco: "ben",
        },
      ),
    ).toEqual([
      { workflow: "t0", expert: "ann", tasks: { done: 4, processing: 2 }, total: 6, ended: 4 },
      { workflow: "reco", expert: "ben", tasks: {}, total: 0, ended: 0 },
      { workflow: "gone", expert: "", tasks: { failed: 1 }, total: 1, ended: 0 },
    ]);
  });

  test("counts what is left of one campaign, and of no other", () => {
    const counts = [
      tally("t0", "done", 9),
      tally("t0", "held", 2),
      tally("reco", "held", 1),
      tally("t0", "failed", 1),
      tally("t0", "awaiting-signoff", 1),
      tally("t0", "processing", 70, "other"),
    ];
    expect(tasksLeft(counts, "proc8")).toEqual([
      "1 task failed",
      "1 task waiting for a sign-off",
      "3 tasks held back by locks",
    ]);
    expect(tasksLeft(counts, "nothing")).toEqual([]);
  });
});

describe("what waits for whom", () => {
  const held = (id: number, detail: string, owner: string, lock: "need" | "hold" = "need"): Task =>
    aTask(id, { state: "held", waiting: [{ lock, detail, owner, since: AT }] });

  test("is first what waits for a word of somebody, then what waits for other tasks; alike ones together", () => {
    const tasks = [
      aTask(9, { state: "failed", reason: "2 jobs failed" }),
      held(3, "tracking/fit of 8215, which is processing (task 17)", "tracking-experts"),
      held(2, "tracking/fit of 8216, which is processing (task 18)", "tracking-experts"),
      held(4, "run 8217 is held by ann: look", "ann", "hold"),
      aTask(8, { state: "awaiting-signoff", reason: "to be signed" }),
      aTask(5, { state: "processing" }),
      aTask(6, { state: "done" }),
    ];
    expect(
      blockedOf(tasks, { t0: "ben" }, new Map([[8, "manager"]])).map((one) => [
        one.waitsFor,
        one.tasks,
        one.why,
        one.example,
      ]),
    ).toEqual([
      ["ann", 1, "run 8217 is held by ann: look", 4],
      ["manager", 1, "to be signed", 8],
      ["ben", 1, "2 jobs failed", 9],
      ["tracking-experts", 2, "tracking/fit, which is processing", 2],
    ]);
  });
});

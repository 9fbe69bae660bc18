import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aSeason, DONE, FAILED, HELD_JOBS, OPEN_FILL, RUNNING, type Season } from "./a-season.ts";

let season: Season;
beforeEach(async () => {
  season = await aSeason();
});
afterEach(() => season.harness.stop());

const state = async (id: number) => (await season.harness.store.queries.tasks([id]))[0]?.state;

/** What history kept of a deed: who, and why. */
const lastOf = async (kind: "task" | "run" | "workflow" | "group" | "campaign", ref: string | number) => {
  const [entry] = await season.harness.store.queries.history({ kind, ref: String(ref), limit: 1 });
  return entry && [entry.event, entry.by, entry.why];
};

describe("what is done", () => {
  test("retry runs the failed jobs again, and those that are done stay done", async () => {
    season.harness.executor.perform(() => ({}));
    const before = season.harness.executor.orders.length;
    expect(await season.give(`retry ${FAILED}`)).toMatchObject({
      ok: true,
      text: "Task 5, t0/calibrate of 2: 1 job runs again.",
      data: [{ task: 5, ok: true, jobs: 1 }],
    });
    expect(
      season.harness.executor.orders.slice(before).map((order) => `${order.facts.task.name} ${order.facts.job.index}`),
    ).toEqual(["calibrate 1", "fit 0"]);
    expect(await state(FAILED)).toBe("done");
  });

  test("retry of several does what can be done, and answers for each", async () => {
    const answer = await season.give(`retry ${FAILED} t0/calibrate@1, #999`);
    expect(answer.ok).toBe(false);
    expect(answer.text.split("\n")).toHaveLength(3);
    expect(await state(FAILED)).toBe("processing");
  });

  test("skip goes on without a task, ends its jobs, and says how it is taken back", async () => {
    expect(await season.give(`skip ${RUNNING} the chamber was off`)).toMatchObject({
      ok: true,
      text: "Task 10, t0/calibrate of 4, is skipped: the chamber was off. To take that back: reprocess 10",
      data: { task: RUNNING, state: "skipped" },
    });
    expect(await season.harness.task("t0", "fit", "4")).toMatchObject({ state: "done" });
    expect(season.harness.bot.engine.live.size).toBe(0);
    expect(await lastOf("task", RUNNING)).toEqual(["skipped", "ann", "the chamber was off"]);
  });

  test("hold keeps a task from starting until it is released", async () => {
    expect((await season.give("hold t0/fit@2 look at it")).text).toBe(
      "Task 6, t0/fit of 2, is held: look at it. It goes on with: release 6",
    );
    await season.give(`skip ${FAILED} not needed`);
    expect(await state(6)).toBe("held");
    expect(await season.give("release 6")).toMatchObject({
      text: "Task 6, t0/fit of 2, is released.",
      data: { task: 6, held: false },
    });
    expect(await state(6)).toBe("done");
    expect(await lastOf("task", 6)).toEqual(["done", "calops", null]);
  });

  test("hold keeps everything on a run from starting, and what comes of it", async () => {
    expect((await season.give("hold run:2 beam was unstable")).text).toBe(
      "Run 2 is held: beam was unstable. Nothing new starts on it until: release run:2",
    );
    await season.give(`skip ${FAILED} not needed`);
    expect(await state(6)).toBe("held");
    expect((await season.give("why 6")).text).toMatch(/\nWhat can be done: release run:2$/);
    expect((await season.give("run 2")).text).toContain("Held by ann since 12:01:00: beam was unstable");
    await season.give("release run:2");
    expect(await state(6)).toBe("done");
    expect(await lastOf("run", 2)).toEqual(["release", "ann", null]);
  });

  test("release lets the jobs go that a rule held", async () => {
    season.harness.executor.perform(() => ({}));
    expect((await season.give(`release ${HELD_JOBS}`)).ok).toBe(true);
    expect(await state(HELD_JOBS)).toBe("done");
  });

  test("release of a run whose records contradict each other takes what it says now as right", async () => {
    await season.harness.take({ run: 1, type: "cosmics" });
    expect((await season.give("run 1")).text).toContain(
      'Its records contradict each other since 12:01:00: type was "physics" and this record says "cosmics".',
    );
    expect((await season.give("status")).text).toContain("1 with contradictory records (runs --conflicts shows them)");
    const released = await season.give("release run:1");
    expect(released.ok).toBe(true);
    // What is taken as right must be what is kept.
    const kept = (await season.give("run 1")).data as { attributes: { type: string }; conflict: unknown };
    expect(kept.conflict).toBeNull();
    expect(released.text).toContain(`type is "${kept.attributes.type}"`);
  });

  test("pause starts nothing more of a workflow until it is resumed", async () => {
    expect((await season.give("pause t0 conditions are down")).text).toBe(
      "Workflow t0 is paused: conditions are down. It goes on with: resume t0",
    );
    await season.harness.take({ run: 6, type: "cosmics" });
    expect((await season.give("why t0/calibrate@6")).text).toContain(
      "workflow t0 is paused by ann: conditions are down (pause; ann; since 12:01:00)",
    );
    expect((await season.give("status")).text).toMatch(/^ {2}t0 .*paused by ann: conditions are down$/m);
    expect((await season.give("resume t0")).text).toBe("Workflow t0 goes on.");
    expect((await season.harness.task("t0", "calibrate", "6")).state).toBe("done");
  });

  test("close takes a group as complete, and its tasks go on", async () => {
    expect((await season.give("close")).text.split("\n")).toEqual([
      "Open groups:",
      "  - sum fill-7: 4 runs, open since 12:00:00",
    ]);
    expect((await season.give("close sum fill-7 the fill was dumped")).text).toBe(
      "Group fill-7 of sum is closed with 4 runs; its tasks go on.",
    );
    expect(await state(OPEN_FILL)).toBe("done");
  });

  test("inject gives runs to a campaign, once", async () => {
    expect(await season.give("inject rereco 1-3 77")).toEqual({
      ok: true,
      text: "3 runs injected into rereco. campaigns shows how far it is.\nNot known, and so left out: run 77. The command runs lists those that are.",
      data: { campaign: "rereco", injected: 3, already: 0, unknown: [77] },
    });
    expect((await season.give("inject rereco 3 4")).text.split("\n")).toEqual([
      "1 run injected into rereco. campaigns shows how far it is.",
      "1 run was in it already: tasks --campaign rereco shows what became of them.",
    ]);
    expect((await season.give("tasks --campaign rereco --task calibrate")).data).toHaveLength(4);
  });

  test("reprocess tells first what it would do, and does nothing", async () => {
    expect((await season.give(`reprocess ${DONE} --dry-run`)).text.split("\n")).toEqual([
      "Nothing was done. It would start anew:",
      "  tasks                                 1: 1 (t0/calibrate of 1)",
      "  runs                                  1: run 1",
      "  jobs                                  2, as many as the last time",
      "  made from them, and stale afterwards  1: 2 (t0/fit of 1)",
    ]);
    expect((await season.harness.task("t0", "calibrate", "1")).attempt).toBe(1);
  });

  test("reprocess makes a task anew, marks what was made from it, and says so", async () => {
    expect((await season.give(`reprocess ${DONE} --why "new alignment"`)).text.split("\n")).toEqual([
      "1 task starts anew: 1 (t0/calibrate of 1).",
      "1 result made from them is stale now: 2 (t0/fit of 1). To make those anew too: reprocess --stale",
    ]);
    expect((await season.give("stale")).data).toMatchObject([
      { id: 2, stale: { why: "t0/calibrate of 1 is in its attempt 2" } },
    ]);
    expect((await season.give(`history task ${DONE}`)).data).toContainEqual(
      expect.objectContaining({ event: "reprocessed", by: "ann", why: "new alignment" }),
    );
  });

  test("reprocess with everything downstream leaves nothing stale", async () => {
    expect((await season.give(`reprocess ${DONE} --downstream`)).text).toBe(
      "2 tasks start anew: 1 (t0/calibrate of 1), 2 (t0/fit of 1).",
    );
    expect((await season.give("stale")).data).toEqual([]);
  });

  test("reprocess of several answers for those that it could not do, too", async () => {
    for (const line of [`reprocess ${DONE} ${RUNNING} ${DONE} --dry-run`, `reprocess ${DONE} ${RUNNING} ${DONE}`]) {
      const answer = await season.give(line);
      expect(answer.text).toContain(
        "  - task 10 has not ended; it can be reprocessed once it has (why 10 tells what it waits for)",
      );
      expect(answer.data).toMatchObject({
        tasks: [{ id: DONE }],
        refused: [{ task: RUNNING, reason: "not-finished" }],
      });
    }
    expect((await season.harness.task("t0", "calibrate", "1")).attempt).toBe(2);
  });
});

test("every deed stands in the history with who gave it, whatever came of it", async () => {
  await season.give(`skip ${RUNNING} x`);
  await season.give(`skip ${RUNNING} x`);
  const commands = await season.harness.store.queries.history({ kind: "command", limit: 2 });
  expect(commands.map((entry) => [entry.event, entry.by, entry.detail])).toEqual([
    ["refused", "ann", { line: "skip 10 x", via: "command-line" }],
    ["done", "ann", { line: "skip 10 x", via: "command-line" }],
  ]);
});

import { describe, expect, test } from "vitest";
import { renderBlocks } from "../../../src/adapters/chat/console/render.ts";
import { groupCard, groupInWords, isComplete } from "../../../src/core/group/card.ts";
import { cardName, cardNamed, standsOnCard } from "../../../src/core/group/card-rules.ts";
import { groupDetails } from "../../../src/core/group/card-thread.ts";
import type { Button } from "../../../src/core/say.ts";
import { NO_JOBS, type Task } from "../../../src/core/task/task.ts";
import { AT, aTask } from "../../contracts/things.ts";

const OF = { environment: "production", campaign: "prompt", groupKey: "8215" };
const task = (id: number, more: Partial<Task> = {}) => aTask(id, { ...OF, ...more });
const card = (tasks: readonly Task[], of = OF) => groupCard(of, tasks, "run");
const text = (tasks: readonly Task[]) => renderBlocks(card(tasks), { width: 400, now: AT, zone: "UTC" });
const buttonsOf = (tasks: readonly Task[], of = OF): Button[] =>
  card(tasks, of).flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
const failed = (id: number, endedAt = AT) => task(id, { state: "failed", reason: "exit code 1", endedAt });

describe("the card of a group", () => {
  test("has one line for each task, with a sign, its jobs and the first reason", () => {
    const lock = { lock: "need", detail: "fit of 8215, which is processing", owner: "calops", since: AT } as const;
    const tasks = [
      task(1, { name: "fit", state: "done", jobs: { ...NO_JOBS, total: 4, done: 4 } }),
      task(2, { name: "shape", state: "processing", jobs: { ...NO_JOBS, total: 4, done: 3 } }),
      task(3, { name: "check", state: "failed", reason: "exit code 1: no pulser\nand more" }),
      task(4, { name: "plot", state: "held", waiting: [lock] }),
      task(5, { name: "look", state: "held", hold: { by: "ann", why: "x", since: AT }, reason: "held by ann: x" }),
      task(6, { name: "send", state: "skipped", reason: "ann: not needed" }),
      task(7, { name: "old", state: "merged", reason: "not enough data" }),
      task(8, { name: "map", state: "done", stale: { since: AT, why: "run 8215 changed" } }),
    ];
    expect(text(tasks).split("\n")).toEqual([
      "run 8215, prompt: 2 of 7 done, 1 failed, 1 running, 1 held, 1 skipped",
      "  - ✓ t0/fit done 4/4 jobs",
      "  - ▸ t0/shape runs 3/4 jobs",
      "  - ✗ t0/check failed: exit code 1: no pulser",
      "  - ○ t0/plot waits: fit of 8215, which is processing",
      "  - ‖ t0/look is held: held by ann: x",
      "  - – t0/send skipped: ann: not needed",
      "  - → t0/old merged: not enough data",
      "  - ✓ t0/map done: stale: run 8215 changed",
      "  type: retry 3 | why 3 | logs 3",
    ]);
  });

  test.each<[string, string, "run" | "fill" | "span" | undefined, string]>([
    ["production", "8215", "run", "run 8215, prompt"],
    ["production", "fill-7", "fill", "fill 7, prompt"],
    ["mirror/try", "2026-11-24T000000Z", "span", "group 2026-11-24T000000Z, prompt, mirror/try"],
    ["production", "8215", undefined, "group 8215, prompt"],
  ])("names a group of %s with the key %s", (environment, groupKey, by, expected) => {
    expect(groupInWords({ ...OF, environment, groupKey }, by)).toBe(expected);
  });

  test("of many tasks shows what is not done first, and says how many it leaves out", () => {
    const tasks = [
      ...Array.from({ length: 60 }, (_, index) => task(index + 1, { state: "done" })),
      failed(61),
      task(62),
    ];
    const lines = text(tasks).split("\n");
    expect(lines).toHaveLength(33);
    expect(lines.slice(-4)).toEqual([
      "  - ✗ t0/calibrate failed: exit code 1",
      "  - ○ t0/calibrate waits",
      "  - and 32 more",
      "  type: retry 61 | why 61 | logs 61",
    ]);
  });

  test("cuts a long reason on whole characters", () => {
    const [, line] = text([task(1, { state: "failed", reason: "🛰".repeat(500) })]).split("\n");
    expect(line).toMatch(/^ {2}- ✗ t0\/calibrate failed: (🛰){200}…$/u);
  });

  test("retries just those that failed, as long as none of them moved, in their own environment", () => {
    const tasks = [failed(3, AT + 7), failed(1), task(2)];
    expect(buttonsOf(tasks)[0]).toMatchObject({
      words: ["retry", "3", "1"],
      while: { tasks: [3, 1], state: "failed", since: AT + 7 },
    });
    expect(buttonsOf(tasks, { ...OF, environment: "mirror/try" })[0]?.words).toEqual([
      "retry",
      "3",
      "1",
      "--env",
      "mirror/try",
    ]);
  });

  test("asks why of what waits, and offers nothing where nothing is to be done", () => {
    expect(buttonsOf([task(1, { state: "done" }), task(2)]).map(({ words }) => words)).toEqual([["why", "2"]]);
    expect(buttonsOf([task(1, { state: "done" })])).toEqual([]);
  });

  test("stands for all groups of one key, by the patterns that are declared", () => {
    const rules = { channel: "#runs", workflows: ["t*", "reco"], campaigns: ["prompt"] };
    expect(standsOnCard(rules, task(1))).toBe(true);
    expect(standsOnCard(rules, task(1, { workflow: "monitoring" }))).toBe(false);
    expect(standsOnCard(rules, task(1, { campaign: "spring" }))).toBe(false);
    const of = { environment: "mirror/try", campaign: "spring", groupKey: "a key with spaces" };
    expect(cardNamed(cardName(of))).toEqual(of);
  });
});

describe("the thread of a group", () => {
  test("says each failure once, and again when it fails anew", () => {
    const keys = (...tasks: Task[]) => groupDetails("group x", tasks).map(({ key }) => key);
    expect(keys(failed(1), failed(2), task(3))).toHaveLength(2);
    expect(keys(failed(1))).not.toEqual(keys(failed(1, AT + 60_000)));
  });

  test("says that all is done once nothing is to come", () => {
    const done = [task(1, { state: "done", endedAt: AT }), task(2, { state: "skipped", endedAt: AT + 1 })];
    expect(isComplete(done)).toBe(true);
    expect(JSON.stringify(groupDetails("group x", done))).toMatch(/All of it is done: .*2 tasks/);
    expect(isComplete([...done, failed(3)])).toBe(false);
    expect(isComplete([...done, task(3)])).toBe(false);
  });
});

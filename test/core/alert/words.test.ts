import { describe, expect, test } from "vitest";
import { renderBlocks } from "../../../src/adapters/chat/console/render.ts";
import { alertMessage, groupInWords, heldJobMessage, pauseMessage } from "../../../src/core/alert/words.ts";
import type { Block } from "../../../src/core/say.ts";
import { AT, anAlert } from "../../contracts/things.ts";

const SCREEN = { width: 200, now: AT, zone: "UTC" };
const shown = (blocks: readonly Block[]) => renderBlocks(blocks, SCREEN).split("\n");
const EVIDENCE = {
  ...anAlert(1).evidence,
  group: "8215",
  firstError: "ERROR: no pulser data",
  logUrl: "http://bot/logs/t0-calibrate-8215-1-3.log",
  attempts: 3,
  reason: "exit code 1: ERROR: no pulser data",
  nextTry: "not by itself: its 3 attempts are used up",
  changed: "nothing in the configuration since it last was done (8214, 2026-11-23 10:00 UTC)",
};

describe("an alert", () => {
  test("begins in the field's own form, then says what helps to act on it", () => {
    const alert = anAlert(1, { evidence: EVIDENCE, tasks: [{ task: 1089, attempt: 1, group: "8215", failedAt: AT }] });
    expect(shown(alertMessage(alert))).toEqual([
      "[T0]: Workflow t0 for run 8215 permanently marked as failed.",
      "Please check the logs: http://bot/logs/t0-calibrate-8215-1-3.log",
      "  alert        1, warning",
      "  task         calibrate (task 1089)",
      "  first error  ERROR: no pulser data",
      "  attempts     3 since 00:00:00",
      "  seen         for the first time in 30 days",
      "  tried next   not by itself: its 3 attempts are used up",
      "  changed      nothing in the configuration since it last was done (8214, 2026-11-23 10:00 UTC)",
      "  next         logs 1089 | why 1089 | skip 1089 REASON",
      "  type: retry 1089 | why 1089 | ack 1 | silence environment=production,workflow=t0,task=calibrate",
    ]);
  });

  test("of a result that was refused offers no retry, since no job failed, and says where to read why", () => {
    const evidence = { ...EVIDENCE, firstError: null, logUrl: null, reason: "vetoed by shift", refused: true };
    const text = shown(
      alertMessage(anAlert(1, { evidence, tasks: [{ task: 7, attempt: 1, group: "1", failedAt: AT }] })),
    );
    expect(text).toContain("  first error  vetoed by shift");
    expect(text).toContain("  next         evidence 7 | reprocess 7 | skip 7 REASON");
    expect(text.at(-1)).toMatch(/^ {2}type: why 7 \| ack 1/);
  });

  test("without a log or an error line gives the reason instead, and no empty line", () => {
    const evidence = { ...EVIDENCE, firstError: null, logUrl: null, reason: "2 iterations did not get there" };
    const text = shown(alertMessage(anAlert(1, { evidence })));
    expect(text[1]).toBe("  alert        1, warning");
    expect(text).toContain("  first error  2 iterations did not get there");
    expect(text.join("\n")).not.toContain("reason");
  });

  test("gives the reason beside the first error where it says something else", () => {
    const text = shown(alertMessage(anAlert(1, { evidence: { ...EVIDENCE, reason: "3 jobs of 9 failed for good" } })));
    expect(text).toContain("  reason       3 jobs of 9 failed for good");
  });

  test("of many runs names the newest ones and counts the others", () => {
    const tasks = Array.from({ length: 30 }, (_, index) => ({
      task: index,
      attempt: 1,
      group: String(8000 + index),
      failedAt: AT,
    })).slice(-10);
    const text = shown(alertMessage(anAlert(1, { tasks, open: 30, count: 30, evidence: EVIDENCE })));
    expect(text.find((line) => line.includes("also"))).toBe(
      "  also failed the same way  8021, 8022, 8023, 8024, 8025, 8026, 8027, 8028 and 21 more (30 failures since 00:00:00)",
    );
  });

  test("of a mirror says which environment", () => {
    const [first] = shown(alertMessage(anAlert(1, { environment: "mirror/new-fit", evidence: EVIDENCE })));
    expect(first).toBe("[T0 mirror/new-fit]: Workflow t0 for run 8215 permanently marked as failed.");
  });

  test("that is resolved says in one line after how long, and how many failures there were", () => {
    const alert = anAlert(1, {
      state: "resolved",
      tasks: [],
      count: 3,
      resolvedAt: AT + 5_400_000,
      evidence: EVIDENCE,
    });
    expect(shown(alertMessage(alert))).toEqual([
      "[T0]: Workflow t0 for run 8215: resolved after 1h30m. 3 failures of calibrate altogether; none is left.",
    ]);
  });
});

test("a workflow that has paused itself says why, and how it goes on", () => {
  expect(shown(pauseMessage("t0", "production", "15 of its last 20 jobs failed for good"))).toEqual([
    "[T0]: Workflow t0 has paused itself: 15 of its last 20 jobs failed for good. Jobs that run go on; no further ones start.",
    "  next  tasks --workflow t0 --state failed | resume t0",
  ]);
});

test("a job that an error rule holds says so, and how it goes on", () => {
  const of = { workflow: "t0", name: "calibrate", groupKey: "8215", id: 1089 };
  expect(shown(heldJobMessage(of, "exit code 9 (disk quota)"))).toEqual([
    "[T0]: A job of t0/calibrate for run 8215 is held by an error rule: exit code 9 (disk quota)",
    "  next  logs 1089 | release 1089 | skip 1089 REASON",
  ]);
});

test.each([
  ["8215", "run 8215"],
  ["fill-7234", "fill 7234"],
  ["from-8000", "the group from run 8000"],
  ["bucket-1", "bucket-1"],
])("the group %s is called %s", (key, words) => {
  expect(groupInWords(key)).toBe(words);
});

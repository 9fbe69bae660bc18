import { describe, expect, test } from "vitest";
import type { Environment } from "../../../src/core/environment/environment.ts";
import { type Health, healthOf, type Sync, syncOf } from "../../../src/core/environment/standing.ts";
import { AT, anEnvironment } from "../../contracts/things.ts";

const behind = anEnvironment("production", {
  commit: "c0ffee",
  target: { ref: "refs/heads/main", commit: "beef0000beef" },
});
const synced: Partial<Environment> = { commit: "beef0000beef" };
const taken = (commit: string) => [{ commit, by: "ann", why: "it drifts", since: AT }];

describe("an environment", () => {
  test.each<[string, Partial<Environment>, string | null, Sync]>([
    ["runs what it should", synced, "asked", { sync: "synced", why: null }],
    [
      "runs what it should, and cannot see what came",
      { ...synced, trouble: "lost" },
      null,
      { sync: "synced", why: "lost" },
    ],
    ["has nothing to follow", { target: null, trouble: "no tags" }, null, { sync: "unknown", why: "no tags" }],
    ["waits, or was refused", {}, "frozen", { sync: "out-of-sync", why: "frozen" }],
    ["has just been told", {}, null, { sync: "out-of-sync", why: null }],
    [
      "stays for a reason of its own",
      { trouble: "v1 is older" },
      "refused",
      { sync: "out-of-sync", why: "v1 is older" },
    ],
    [
      "was taken back from it",
      { quarantine: taken("beef0000beef") },
      "x",
      {
        sync: "out-of-sync",
        why: "beef0000 was taken back by ann: it drifts",
      },
    ],
    ["was taken back from another", { quarantine: taken("f00d") }, "x", { sync: "out-of-sync", why: "x" }],
  ])("%s", (_name, more, reason, expected) => {
    const last = { reason };
    expect(syncOf({ ...behind, ...more }, { answers: true, last })).toEqual(expected);
    expect(syncOf({ ...behind, ...more }, { answers: false, last })).toEqual({
      sync: "unknown",
      why: "the config repository does not answer",
    });
  });

  test("whose target was never tried cannot say why", () => {
    expect(syncOf(behind, { answers: true, last: undefined })).toEqual({ sync: "out-of-sync", why: null });
  });

  test.each<[Health, Partial<Parameters<typeof healthOf>[0]>]>([
    ["healthy", {}],
    [
      "healthy",
      {
        tallies: [
          { state: "failed", count: 0 },
          { state: "done", count: 3 },
        ],
      },
    ],
    ["progressing", { tallies: [{ state: "processing", count: 1 }] }],
    ["paused", { tallies: [{ state: "processing", count: 1 }], paused: 1 }],
    ["degraded", { tallies: [{ state: "failed", count: 1 }], paused: 1 }],
    ["degraded", { alerts: 1 }],
  ])("is %s", (expected, found) => {
    expect(healthOf({ tallies: [], alerts: 0, paused: 0, ...found })).toBe(expected);
  });
});

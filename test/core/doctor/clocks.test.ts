import { describe, expect, test } from "vitest";
import { type ClockReading, clockFinding } from "../../../src/core/doctor/clocks.ts";

const reading = (aheadMs: number, unsureMs = 600, of = "slack.com"): ClockReading => ({ of, aheadMs, unsureMs });

describe("this machine's clock", () => {
  test.each<[number, number, string, string]>([
    [0, 600, "good", "it agrees with that of slack.com"],
    [29_000, 600, "good", "it agrees with that of slack.com"],
    [35_000, 600, "doubtful", "it is 34s ahead of that of slack.com"],
    [-35_000, 600, "doubtful", "it is 34s behind that of slack.com"],
    [35_000, 8_000, "good", "it agrees with that of slack.com"],
    [400_000, 600, "bad", "it is 6m39s ahead of that of slack.com, and servers refuse what is signed so far off"],
    [-86_400_000, 600, "bad", "it is 24h behind that of slack.com, and servers refuse what is signed so far off"],
  ])("%d ms ahead, give or take %d, is %s", (aheadMs, unsureMs, state, found) => {
    expect(clockFinding([reading(aheadMs, unsureMs)])).toMatchObject({ state, found });
  });

  test("is not blamed for that of one server", () => {
    expect(clockFinding([reading(1_000_000), reading(0), reading(100)]).state).toBe("good");
    expect(clockFinding([reading(-1_000_000), reading(0)]).found).toBe(
      "it is 16m39s behind that of slack.com, and servers refuse what is signed so far off",
    );
  });

  test("is unknown where nobody says what time it is", () => {
    expect(clockFinding([])).toMatchObject({ state: "unknown", fix: expect.stringContaining("timedatectl") });
  });

  test("is put right by a time server", () => {
    expect(clockFinding([reading(60_000)]).fix).toContain("timedatectl set-ntp true");
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CampaignStanding, freshStanding, takesRuns } from "../../../src/core/campaign/campaign.ts";
import {
  archive,
  campaignOfRef,
  campaignRef,
  finish,
  pause,
  prepare,
  publish,
  resume,
  start,
  stumble,
} from "../../../src/core/campaign/life.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { AT } from "../../contracts/things.ts";
import { type Event, happen, movesToldIn, type Step } from "../life-story.ts";

const draft = freshStanding("production", { name: "proc8", start: "manual", attempt: 1 });
const word = fc.constantFrom("beam was off", "new alignment");
const attempt = fc.constantFrom(1, 2, 3);
const events: fc.Arbitrary<Event<CampaignStanding>> = fc.oneof(
  attempt.map((n) => ({
    name: "start",
    decide: (s: CampaignStanding, now: number) => start(s, { attempt: n, by: "ann" }, now),
  })),
  attempt.map((n) => ({ name: "prepare", decide: (s: CampaignStanding, now: number) => prepare(s, n, {}, now) })),
  fc
    .tuple(attempt, word)
    .map(([n, why]) => ({ name: "stumble", decide: (s: CampaignStanding, now: number) => stumble(s, n, why, now) })),
  word.map((why) => ({ name: "pause", decide: (s: CampaignStanding, now: number) => pause(s, "ann", why, now) })),
  fc.constant({ name: "resume", decide: (s: CampaignStanding, now: number) => resume(s, "ann", now) }),
  fc.tuple(fc.constantFrom([], ["3 tasks under way"]), fc.option(word, { nil: undefined })).map(([left, force]) => ({
    name: "finish",
    decide: (s: CampaignStanding, now: number) => finish(s, { by: "ann", left, force }, now),
  })),
  fc.constant({ name: "publish", decide: (s: CampaignStanding, now: number) => publish(s, "ann", {}, now) }),
  fc.constant({ name: "archive", decide: (s: CampaignStanding, now: number) => archive(s, "ann", now) }),
);

function play(check: (step: Step<CampaignStanding>) => void): void {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 40, size: "max" }), (sequence) => happen(draft, sequence, check)),
    { numRuns: 400 },
  );
}

describe("nothing that happens to a campaign", () => {
  test("moves it otherwise than its life is told, and every move that is told can happen", () => {
    const told = movesToldIn("campaign/life.ts");
    const seen = new Set<string>();
    play(({ before, decision }) => {
      if (!decision.ok || decision.next.state === before.state) return;
      const move = `${before.state} -> ${decision.next.state}` as const;
      expect(told).toContain(move);
      seen.add(move);
    });
    expect([...told].filter((move) => !seen.has(move))).toEqual([]);
  });

  test("takes it out of the archive, lowers its attempt, or publishes an attempt twice", () => {
    let published = new Set<number>();
    play(({ event, before, decision }) => {
      if (before === draft || (before.state === "draft" && before.attempt === 0)) published = new Set();
      if (!decision.ok) return;
      expect(before.state).not.toBe("archived");
      expect(decision.next.attempt).toBeGreaterThanOrEqual(before.attempt);
      if (event.name !== "publish") return;
      expect(published.has(before.attempt)).toBe(false);
      published.add(before.attempt);
    });
  });

  test("lets anything of it begin before it was prepared for this attempt", () => {
    let preparedFor = 0;
    play(({ event, before, decision }) => {
      if (before.attempt === 0) preparedFor = 0;
      if (!decision.ok) return;
      if (event.name === "prepare") preparedFor = decision.next.attempt;
      if (decision.next.prepared) expect(preparedFor).toBe(decision.next.attempt);
    });
  });
});

const became = <Thing>(decision: Decision<Thing, string>): Thing => {
  if (!decision.ok) throw new Error(decision.reason);
  return decision.next;
};
const running = became(prepare(became(start(draft, { attempt: 1, by: "ann" }, AT)), 1, {}, AT));

describe("a campaign", () => {
  test("that says nothing of its start runs as it is declared; all others are drafts and take no runs", () => {
    expect(takesRuns(freshStanding("production", { name: "prompt", start: undefined, attempt: 1 }))).toBe(true);
    expect(takesRuns(draft)).toBe(false);
    expect(takesRuns(freshStanding("production", { name: "x", start: "at once", attempt: 1 }))).toBe(false);
  });

  test("asks for its preparation when it is started, once", () => {
    const started = start(draft, { attempt: 1, by: "ann" }, AT);
    expect(started).toMatchObject({
      ok: true,
      effects: [{ do: "wake", errand: { kind: "campaign", ref: "production/proc8" } }],
    });
    expect(start(became(started), { attempt: 1, by: "ben" }, AT)).toEqual({
      ok: false,
      reason: "already-started",
      detail: "running",
    });
  });

  test("is not finished while something is left, but for a reason that is kept", () => {
    const left = ["2 tasks failed", "1 task waiting for a sign-off"];
    expect(finish(running, { by: "ann", left, force: undefined }, AT)).toEqual({
      ok: false,
      reason: "something-left",
      detail: "2 tasks failed; 1 task waiting for a sign-off",
    });
    expect(became(finish(running, { by: "ann", left, force: "bad runs" }, AT)).reason).toBe(
      "finished by ann with 2 tasks failed, 1 task waiting for a sign-off: bad runs",
    );
    expect(became(finish(running, { by: "ann", left: [], force: undefined }, AT)).reason).toBeNull();
  });

  test("is started anew only with a higher attempt", () => {
    const finished = became(finish(running, { by: "ann", left: [], force: undefined }, AT));
    expect(start(finished, { attempt: 1, by: "ann" }, AT)).toMatchObject({ ok: false, reason: "same-attempt" });
    expect(became(start(finished, { attempt: 2, by: "ann" }, AT))).toMatchObject({
      state: "running",
      attempt: 2,
      prepared: false,
    });
  });

  test("is found by its reference, whatever its environment is called", () => {
    for (const environment of ["production", "mirror/wip/fit"])
      expect(campaignOfRef(campaignRef({ environment, name: "proc8" }))).toEqual({ environment, name: "proc8" });
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countOutcome, freshState, pause, resume } from "../../../src/core/workflow/workflow-state.ts";
import { AT } from "../../contracts/things.ts";
import { frozen } from "../life-story.ts";

const fresh = freshState("production", "t0");
const rule = fc
  .integer({ min: 1, max: 10 })
  .chain((of) => fc.record({ failures: fc.integer({ min: 1, max: of }), of: fc.constant(of) }));

describe("a workflow", () => {
  test("is paused by one person at a time, and goes on when it is resumed", () => {
    const paused = pause(fresh, "ann", "conditions are down", AT);
    if (!paused.ok) throw new Error(paused.reason);
    expect(paused.next.paused).toEqual({ by: "ann", why: "conditions are down", since: AT });
    expect(pause(paused.next, "ben", "me too", AT)).toEqual({ ok: false, reason: "already-paused", detail: "ann" });
    const resumed = resume(paused.next);
    expect(resumed.ok && resumed.next).toEqual(fresh);
    expect(resume(fresh)).toEqual({ ok: false, reason: "not-paused" });
  });

  test("should pause exactly when a failure makes so many of its last jobs bad", () => {
    fc.assert(
      fc.property(rule, fc.array(fc.boolean(), { maxLength: 40, size: "max" }), (pauseAfter, outcomes) => {
        let state = frozen(fresh);
        for (const [index, done] of outcomes.entries()) {
          const counted = countOutcome(state, done, pauseAfter);
          const last = outcomes.slice(0, index + 1).slice(-pauseAfter.of);
          const bad = last.filter((one) => !one).length;
          expect(counted.pauseWhy).toBe(
            !done && bad >= pauseAfter.failures ? `${bad} of its last ${last.length} jobs failed for good` : undefined,
          );
          state = frozen(counted.state);
        }
      }),
    );
  });

  test("remembers no more outcomes than its rule looks at, and none without a rule", () => {
    fc.assert(
      fc.property(fc.option(rule, { nil: undefined }), fc.array(fc.boolean()), (pauseAfter, outcomes) => {
        const state = outcomes.reduce((before, done) => countOutcome(before, done, pauseAfter).state, fresh);
        expect(state.outcomes).toHaveLength(pauseAfter ? Math.min(outcomes.length, pauseAfter.of) : 0);
      }),
    );
  });

  test("that is paused already does not pause itself again, and begins to count anew when it is resumed", () => {
    const pauseAfter = { failures: 1, of: 2 };
    const paused = pause(countOutcome(fresh, false, pauseAfter).state, "calops", "1 of its last 1", AT);
    if (!paused.ok) throw new Error(paused.reason);
    expect(countOutcome(paused.next, false, pauseAfter).pauseWhy).toBeUndefined();
    const resumed = resume(paused.next);
    expect(resumed.ok && resumed.next.outcomes).toBe("");
  });
});

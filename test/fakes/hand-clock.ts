import type { Instant } from "../../src/core/time.ts";
import type { Clock } from "../../src/ports/clock.ts";

/** A clock that goes only when it is told to. */
export type HandClock = Clock & { set(at: Instant): void; pass(ms: number): void };

export function handClock(start: Instant = Date.UTC(2026, 10, 24, 12)): HandClock {
  let now = start;
  let elapsed = 0;
  return {
    now: () => now,
    elapsed: () => elapsed,
    set(at) {
      elapsed += Math.max(0, at - now);
      now = at;
    },
    pass(ms) {
      now += ms;
      elapsed += ms;
    },
  };
}

import type { Clock } from "../../ports/clock.ts";

/** The machine's clock, made steady: set forward it follows at once, set back it goes on as if nothing had happened. */
export function systemClock(): Clock {
  let offset = Date.now() - performance.now();
  return {
    now() {
      const wall = Date.now();
      const steady = offset + performance.now();
      if (wall > steady) offset += wall - steady;
      return Math.round(Math.max(wall, steady));
    },
    elapsed: () => performance.now(),
  };
}

/**
 * When a campaign will be done, from how its tasks ended until now. It is a straight line through the last of them, with the
 * uncertainty that counting brings; what people still have to decide is not in it.
 */
import type { Instant } from "../time.ts";

export type ForecastFacts = {
  /** When tasks ended, in any order; the newest few hundred are enough. */
  readonly ended: readonly Instant[];
  /** Tasks that have not ended. */
  readonly left: number;
  /** Of these, those that wait for a person: a sign-off, a hold, a decision about a failure. */
  readonly waitForPeople: number;
  /** False while nothing of it begins. */
  readonly runs: boolean;
};

export type Forecast =
  | { readonly known: false; readonly why: string }
  /** Two times out of three it ends between `earliest` and `latest`; there is no latest where that cannot be said. */
  | {
      readonly known: true;
      readonly perDay: number;
      readonly end: Instant;
      readonly earliest: Instant;
      readonly latest: Instant | null;
    };

/** With fewer the line could go anywhere. */
const ENOUGH = 10;
/** What ended longer ago tells little of how it goes now. */
const MOST = 200;
const DAY_MS = 86_400_000;

export function forecast({ ended, left, waitForPeople, runs }: ForecastFacts, now: Instant): Forecast {
  if (left === 0) return { known: false, why: "nothing is left to do" };
  if (!runs) return { known: false, why: "nothing of it begins at the moment" };
  if (left === waitForPeople) return { known: false, why: "everything that is left waits for people" };
  if (ended.length < ENOUGH)
    return { known: false, why: `no forecast yet: ${ended.length} of the ${ENOUGH} tasks that it takes have ended` };
  const last = [...ended].sort((a, b) => a - b).slice(-MOST);
  // From the first of them until now, and not until the last: a campaign that stands still becomes slower by the hour.
  const span = Math.max(1, now - (last[0] ?? now));
  const counted = last.length - 1;
  const rate = counted / span;
  const error = 1 / Math.sqrt(counted);
  const after = (speed: number) => now + Math.round(left / (rate * speed));
  return {
    known: true,
    perDay: rate * DAY_MS,
    end: after(1),
    earliest: after(1 + error),
    latest: error < 1 ? after(1 - error) : null,
  };
}

import { expect, test } from "vitest";
import { type Earlier, pastInWords, pastOf } from "../../../src/core/alert/past.ts";
import { AT } from "../../contracts/things.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** So many days ago, well again after so many minutes; still failed where that is left out. */
const earlier = (daysAgo: number, minutes?: number, handledBy: string | null = null): Earlier => {
  const firstAt = AT - daysAgo * DAY;
  return { firstAt, resolvedAt: minutes === undefined ? null : firstAt + minutes * MINUTE, handledBy };
};

test.each<[Earlier[], string]>([
  [[], "for the first time in 30 days"],
  [[earlier(31, 5)], "for the first time in 30 days"],
  [[earlier(1, 5, "jun")], "the 2nd time in 30 days; it never healed itself"],
  [[earlier(1, 5), earlier(2, 8)], "the 3rd time in 30 days; it usually heals itself: 2 of 2 did, within 8m"],
  [
    [earlier(1, 5), earlier(2, 8, "jun"), earlier(3)],
    "the 4th time in 30 days; it seldom heals itself: 1 of 3 did, within 5m",
  ],
  [
    [...Array.from({ length: 10 }, (_, index) => earlier(index + 1, index + 1)), earlier(20, 4000)],
    "the 12th time in 30 days; it usually heals itself: 11 of 11 did, within 10m",
  ],
  [Array.from({ length: 20 }, () => earlier(1, 1, "jun")), "the 21st time in 30 days; it never healed itself"],
])("%#: what earlier failures tell", (all, words) => {
  expect(pastInWords(pastOf(all, AT))).toBe(words);
});

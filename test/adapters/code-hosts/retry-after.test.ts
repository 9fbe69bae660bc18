import fc from "fast-check";
import { expect, test } from "vitest";
import { retryAfterMs } from "../../../src/adapters/code-hosts/retry-after.ts";

const DATE = { date: "Tue, 24 Nov 2026 12:00:00 GMT" };
const NOON = String(Date.UTC(2026, 10, 24, 12) / 1_000);
const in30s = String(Number(NOON) + 30);

test.each<
  readonly [what: string, status: number, headers: Record<string, string>, said: string, ms: number | undefined]
>([
  ["seconds", 429, { "retry-after": "12" }, "", 12_000],
  ["no time at all", 429, { "retry-after": "0" }, "", 1_000],
  ["more than an hour", 429, { "retry-after": "99999999" }, "", 3_600_000],
  ["a date", 429, { ...DATE, "retry-after": "Tue, 24 Nov 2026 12:01:00 GMT" }, "", 60_000],
  ["a date that is past", 429, { ...DATE, "retry-after": "Tue, 24 Nov 2026 11:00:00 GMT" }, "", 1_000],
  ["nonsense", 429, { "retry-after": "soon" }, "", 60_000],
  ["nothing", 429, {}, "", 60_000],
  ["GitHub's end of the hour", 403, { ...DATE, "x-ratelimit-remaining": "0", "x-ratelimit-reset": in30s }, "", 30_000],
  ["an end of the hour without a date", 403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": in30s }, "", 60_000],
  ["GitHub's other limit, said in words", 403, {}, "You have exceeded a secondary rate limit.", 60_000],
  [
    "that one, while requests are left",
    403,
    { ...DATE, "x-ratelimit-remaining": "4000", "x-ratelimit-reset": in30s },
    "You have exceeded a secondary rate limit.",
    60_000,
  ],
  ["GitLab's end of the minute", 429, { ...DATE, "ratelimit-remaining": "0", "ratelimit-reset": in30s }, "", 30_000],
  ["a refusal for another reason", 403, { "x-ratelimit-remaining": "4000" }, "Must have push access", undefined],
  ["a server that comes back", 503, { "retry-after": "5" }, "", 5_000],
  ["a server that does not say when", 503, {}, "", undefined],
  ["something that is not there", 404, { "retry-after": "5" }, "", undefined],
])("%s", (_, status, headers, said, ms) => {
  expect(retryAfterMs(status, new Headers(headers), said)).toBe(ms);
});

test("whatever a host says, it is waited for a second at least and an hour at most", () => {
  const value = fc.oneof(
    fc.integer().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  );
  const names = fc.constantFrom("retry-after", "date", "x-ratelimit-reset", "x-ratelimit-remaining", "ratelimit-reset");
  fc.assert(
    fc.property(fc.dictionary(names, value), (headers) => {
      const ms = retryAfterMs(429, new Headers(headers), "");
      expect(ms).toBeGreaterThanOrEqual(1_000);
      expect(ms).toBeLessThanOrEqual(3_600_000);
    }),
  );
});

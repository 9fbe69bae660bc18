/**
 * How long a host wants to be left alone. A moment is counted from the answer's own date, so that the host's clock and
 * this machine's need not agree.
 */
const UNSAID_MS = 60_000;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_600_000;

/** In milliseconds; undefined where the answer is no request to wait. `said` is what it says in words. */
export function retryAfterMs(status: number, headers: Headers, said: string): number | undefined {
  const asked = waitOf(headers.get("retry-after"), headers);
  const isLimit =
    status === 429 ||
    (status === 403 &&
      (asked !== undefined || headers.get("x-ratelimit-remaining") === "0" || /rate limit/i.test(said)));
  if (!isLimit) return status >= 500 && asked !== undefined ? within(asked) : undefined;
  return within(asked ?? resetOf(headers) ?? UNSAID_MS);
}

/** Seconds, or a date. */
function waitOf(value: string | null, headers: Headers): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  return until(Date.parse(value), headers);
}

/** While something is left, it is not the count of requests that was used up, and its end says nothing. */
function resetOf(headers: Headers): number | undefined {
  const left = headers.get("x-ratelimit-remaining") ?? headers.get("ratelimit-remaining");
  const reset = headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset");
  if (reset === null || (left !== null && left !== "0")) return undefined;
  return until(Number(reset) * 1_000, headers);
}

function until(at: number, headers: Headers): number | undefined {
  const wait = at - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : wait;
}

function within(ms: number): number {
  return Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS);
}

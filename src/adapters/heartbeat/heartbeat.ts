/** A service that is asked for an address again and again, and tells people when it is not asked any more. */
import type { Heartbeat } from "../../ports/heartbeat.ts";

const TIMEOUT_MS = 10_000;

export function openHeartbeat(timeoutMs = TIMEOUT_MS): Heartbeat {
  return {
    async beat(url) {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: "manual" }).catch(
        (error) => {
          // What the runtime says may have the address in it, and so may its cause.
          throw new Error(inWords(error as Error));
        },
      );
      // What else it says does not matter, and is not waited for.
      await response.body?.cancel().catch(() => {});
      if (!response.ok) throw new Error(`it answered ${response.status}`);
    },
  };
}

function inWords({ name, cause }: Error): string {
  if (name === "TimeoutError") return "it did not answer in time";
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  return code === "ERR_INVALID_URL"
    ? "what the secret says is no web address"
    : `it did not answer${code === undefined ? "" : ` (${code})`}`;
}

/** The address for answers that Slack gives with a command or a press: it takes five in half an hour, and nobody has to be a member. */
import type { Instant } from "../../../core/time.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Rendered } from "./render.ts";

const USES = 5;
const GOOD_FOR_MS = 30 * 60_000;
const TIMEOUT_MS = 10_000;

export type ResponseUrls = {
  /** False where it takes no answer any more. Rejects where Slack was not reached. */
  use(
    url: string,
    given: Instant,
    answer: Pick<Rendered, "blocks" | "text"> & { readonly to: "asker" | "channel" },
  ): Promise<boolean>;
};

export function openResponseUrls(clock: Clock): ResponseUrls {
  /** How often each was used since this bot was started, and until when it is good. */
  const used = new Map<string, { uses: number; readonly until: Instant }>();

  return {
    async use(url, given, { to, blocks, text }) {
      const now = clock.now();
      for (const [old, { until }] of used) if (until < now) used.delete(old);
      const until = given + GOOD_FOR_MS;
      const one = used.get(url) ?? { uses: 0, until };
      if (now >= until || one.uses >= USES) return false;
      used.set(url, { ...one, uses: one.uses + 1 });
      const response = await fetch(url, {
        method: "POST",
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          response_type: to === "asker" ? "ephemeral" : "in_channel",
          replace_original: false,
          text,
          blocks,
          unfurl_links: false,
          unfurl_media: false,
        }),
      });
      const said = await response.text();
      if (response.status >= 500) throw new Error(`Slack answered ${response.status}`);
      return response.ok && !/"ok"\s*:\s*false/.test(said);
    },
  };
}

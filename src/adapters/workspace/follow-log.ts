/** A log as it grows, until its attempt has ended and all of it has been given out. */
import { setTimeout as wait } from "node:timers/promises";
import { isLive } from "../../core/job/job.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Workspace } from "../../ports/workspace.ts";

export type Followed = { readonly job: number; readonly attempt: number; readonly from: number };

const LOOK_EVERY_MS = 300;
/** At most so much to a piece: a browser that is slow holds up no gigabyte. */
const MOST_AT_ONCE = 256 * 1024;

/** Pieces of text, each with the byte after its end; ends by itself, or when `stopped` says so. */
export async function* followLog(
  parts: { queries: Queries; workspace: Workspace },
  log: Followed,
  stopped: () => boolean,
): AsyncGenerator<{ text: string; next: number }> {
  const decoder = new TextDecoder("utf-8");
  let next = log.from;
  while (!stopped()) {
    const attempt = await parts.queries.attempt(log.job, log.attempt);
    if (!attempt) return;
    const live = isLive(attempt.state);
    const size = (await parts.workspace.logSize(attempt.directory)) ?? 0;
    if (size > next) {
      const end = Math.min(size, next + MOST_AT_ONCE);
      for await (const chunk of await parts.workspace.readLog(attempt.directory, next, end)) {
        const bytes = chunk as Buffer;
        next += bytes.length;
        yield { text: decoder.decode(bytes, { stream: true }), next };
      }
    } else if (live) {
      await wait(LOOK_EVERY_MS);
    } else {
      return;
    }
  }
}

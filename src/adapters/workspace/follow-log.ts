/** A log as it grows, until nothing more will come and all of it has been given out. */
import { setTimeout as wait } from "node:timers/promises";
import type { Workspace } from "../../ports/workspace.ts";

const LOOK_EVERY_MS = 300;
/** At most so much to a piece: a reader that is slow holds up no gigabyte. */
const MOST_AT_ONCE = 256 * 1024;

type Log = {
  readonly workspace: Pick<Workspace, "logSize" | "readLog">;
  readonly directory: string;
  readonly from: number;
};

export async function* followLog(
  { workspace, directory, from }: Log,
  live: () => Promise<boolean>,
): AsyncGenerator<{ text: string; next: number }> {
  const decoder = new TextDecoder("utf-8");
  let next = from;
  for (;;) {
    // Asked before the size: what is written between the two questions is found in the next round, not lost.
    const goesOn = await live();
    const size = (await workspace.logSize(directory)) ?? 0;
    if (size > next) {
      for await (const chunk of await workspace.readLog(directory, next, Math.min(size, next + MOST_AT_ONCE))) {
        const bytes = chunk as Buffer;
        next += bytes.length;
        yield { text: decoder.decode(bytes, { stream: true }), next };
      }
    } else if (goesOn) {
      await wait(LOOK_EVERY_MS);
    } else {
      return;
    }
  }
}

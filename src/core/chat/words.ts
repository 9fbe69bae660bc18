/** What is said around a command's answer in a chat. */
import type { HistoryEntry } from "../history.ts";
import { type Block, list, moment, parts, say } from "../say.ts";
import { formatDuration, type Instant } from "../time.ts";
import type { Stands } from "./standing.ts";

/** Who asked for what: above an answer that everybody sees. */
export function askedWords(by: string, line: string): Block {
  return say`${by}: ${line}`;
}

/** The bot died after it had done something of this, and before it had answered. */
export function recoveredWords(line: string, done: readonly HistoryEntry[]): Block[] {
  return [
    say`calops was restarted while it did this: ${line}`,
    ...(done.length === 0
      ? [say`It was begun. Look before you give it again.`]
      : [
          say`What it has done, once, stands here; what does not was not done, and can be asked for again:`,
          list(done.map(({ at, kind, ref, event }) => parts`${moment(at)} ${kind} ${ref} ${event}`)),
        ]),
  ];
}

export function tooOldWords(line: string, at: Instant, now: Instant): Block[] {
  return [
    say`calops was not running for a while. What you asked for ${formatDuration(now - at)} ago was not done: ${line}. If you still want it, give it again.`,
  ];
}

/** @param last who did something about it most recently, where a person did */
export function staleWords(stands: Extract<Stands, { ok: false }>, last: HistoryEntry | undefined): Block[] {
  const { kind, id, state } = stands;
  const stood = state === "moved" ? "there is something else to look at now" : `${kind} ${id} is ${state} now`;
  const did = last === undefined ? parts`` : parts` ${last.by} did that at ${moment(last.at)}: ${last.event}.`;
  return [
    {
      kind: "text",
      parts: [...parts`This button is of an earlier state, and nothing was done: ${stood}.`, ...did],
    },
  ];
}

/** In which order a channel's messages are sent: as they are due, and what belongs in a thread after the message that it hangs from. */
import type { Message } from "../message.ts";
import type { Instant } from "../time.ts";

export type InLine = { readonly message: Message; readonly dueAt: Instant };

/** @param unsent of one channel. What hangs from one of them that is not there yet is not due before that. */
export function inOrder(unsent: readonly Message[]): InLine[] {
  const missing = new Map(unsent.filter((one) => one.remoteRef === null).map((one) => [one.key, one]));
  const line = unsent.map((message) => {
    const { thread, dueAt } = message;
    const card = thread && "under" in thread ? missing.get(thread.under) : undefined;
    return { message, dueAt: Math.max(dueAt, card?.dueAt ?? dueAt), depth: card ? 1 : 0 };
  });
  return line.sort((a, b) => a.dueAt - b.dueAt || a.depth - b.depth || a.message.createdAt - b.message.createdAt);
}

/** What is told of a channel's messages that piled up while its chat was away: nothing is lost, and nobody is flooded. */
import type { Message } from "../message.ts";
import { type Block, list, moment, type Part, parts, plural, say } from "../say.ts";
import type { Instant } from "../time.ts";

/** So many are a pile, when the oldest has waited so long. */
const PILE = 8;
const WAITED_MS = 3 * 60_000;
/** Of those that people can still act on, the newest are told in full. */
const IN_FULL = 4;

export type CatchUp = {
  /** Told one by one, as ever. */
  readonly single: readonly Message[];
  /** Told together, in one message; what hangs from them in threads is told with them. */
  readonly together: readonly Message[];
};

/** @param unsent of one channel, in their order */
export function catchUp(unsent: readonly Message[], now: Instant): CatchUp {
  const fresh = unsent.filter((one) => one.sentEdition === 0 && one.place === null);
  const roots = fresh.filter((one) => one.thread === null);
  const oldest = Math.min(...roots.map((one) => one.createdAt));
  if (roots.length <= PILE || now - oldest < WAITED_MS) return { single: unsent, together: [] };
  const inFull = new Set(roots.filter((one) => !one.over).slice(-IN_FULL));
  const roundUp = new Set(roots.filter((one) => !inFull.has(one)).map((one) => one.key));
  const together = fresh.filter(
    ({ key, thread }) => roundUp.has(key) || (thread && "under" in thread && roundUp.has(thread.under)),
  );
  return { single: unsent.filter((one) => !together.includes(one)), together };
}

export function catchUpWords(together: readonly Message[]): Block[] {
  const roots = together.filter((one) => one.thread === null);
  const first = Math.min(...roots.map((one) => one.createdAt));
  const last = Math.max(...roots.map((one) => one.createdAt));
  return [
    say`While this chat did not answer, from ${moment(first)} to ${moment(last)}, ${plural(roots.length, "message")} could not be told:`,
    list(roots.map((one) => lineOf(one))),
  ];
}

function lineOf({ createdAt, blocks }: Message): readonly Part[] {
  const first = blocks.find((block) => block.kind === "text");
  return parts`${moment(createdAt)} `.concat(first?.kind === "text" ? first.parts : ["a message without words"]);
}

/**
 * Finds out that the pages go round in a circle, however large, without remembering them all: each page is compared with
 * the one before it and with a marked one, and the mark moves on at every power of two (Brent's way).
 *
 * Once or twice a page may come again in good faith: when runs are put in front of it between two requests, the last page
 * of a list is pushed behind itself.
 */
import { z } from "zod";

export const trail = z.object({ pages: z.int(), last: z.string(), mark: z.string(), seenAgain: z.int() });

export type Trail = z.output<typeof trail>;

const IN_GOOD_FAITH = 2;

/** The trail with one page more, or undefined when the pages go round in a circle. */
export function follow(before: Trail | undefined, page: string): Trail | undefined {
  if (!before) return { pages: 1, last: page, mark: page, seenAgain: 0 };
  const pages = before.pages + 1;
  const seenAgain = before.seenAgain + (page === before.last || page === before.mark ? 1 : 0);
  if (seenAgain > IN_GOOD_FAITH) return undefined;
  return { pages, last: page, mark: isPowerOfTwo(pages) ? page : before.mark, seenAgain };
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}

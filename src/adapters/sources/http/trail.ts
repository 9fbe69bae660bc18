/**
 * Finds out that the pages go round in a circle, however large, without remembering them all: each page is compared with
 * the one before it and with a marked one, and the mark moves on at every power of two (Brent's way).
 */
import { z } from "zod";

export const trail = z.object({ pages: z.int(), last: z.string(), mark: z.string() });

export type Trail = z.output<typeof trail>;

/** The trail with one page more, or undefined when that page has been there before. */
export function follow(before: Trail | undefined, page: string): Trail | undefined {
  if (before && (before.last === page || before.mark === page)) return undefined;
  const pages = (before?.pages ?? 0) + 1;
  const mark = before && !isPowerOfTwo(pages) ? before.mark : page;
  return { pages, last: page, mark };
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}

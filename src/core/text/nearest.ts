/** The word that somebody probably meant. */
import { distance } from "fastest-levenshtein";

/** The nearest of `words` to a mistyped one, or undefined when none is near enough to be worth saying. */
export function nearest(typed: string, words: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const d = distance(typed.toLowerCase(), word.toLowerCase());
    const near =
      d <= Math.ceil(Math.min(typed.length, word.length) / 3) || (typed.length > 2 && word.startsWith(typed));
    if (near && d < bestDistance) {
      best = word;
      bestDistance = d;
    }
  }
  return best;
}

/** What to write instead: the nearest word when there is one, the whole list when it is short, the beginning of a long one. */
export function choices(typed: string, words: Iterable<string>): string {
  const list = [...words];
  const near = nearest(typed, list);
  if (near !== undefined) return `write ${near}`;
  if (list.length === 0) return "there is none yet";
  if (list.length === 1) return `write ${list[0]}`;
  if (list.length <= 12) return `write one of ${list.join(", ")}`;
  return `write one of ${list.slice(0, 10).join(", ")} and ${list.length - 10} more`;
}

/**
 * Appending to a running tag: only what comes after everything of its type that is there. An open interval is closed where the
 * next one begins, so nothing that a run was processed with ever changes.
 */
import { type Decision, refuse } from "../decision.ts";
import { type Intervals, inOrder } from "./intervals.ts";
import { compareEnds, type Iov, spanInWords } from "./iov.ts";
import { compareMoments, following, isBefore, type Moment, momentInWords } from "./moment.ts";

/** The first moment that may be appended; undefined where there is nothing yet, so that any may. */
export function nextMoment(list: Intervals): Moment | undefined {
  const last = list.at(-1);
  return last && (last.until ?? following(last.from));
}

/**
 * @param list of one type, or at least the last of them
 * @param unusedFrom the first moment that nothing was processed for yet, where somebody knows it
 */
export function appended(
  list: Intervals,
  iovs: readonly Iov[],
  unusedFrom?: Moment,
):
  | { readonly ok: true; readonly list: Intervals }
  | Extract<Decision<never, "gap" | "overlap" | "used">, { ok: false }> {
  const added = inOrder(iovs);
  const first = added[0];
  if (!first) return { ok: true, list };
  if (unusedFrom && isBefore(first.from, unusedFrom)) return refuse("used", tooEarly(first, unusedFrom));
  for (const [index, iov] of added.entries()) {
    const next = added[index + 1];
    if (!next) continue;
    const order = compareEnds(iov.until, next.from);
    if (order > 0) return refuse("overlap", `${iov.type} ${spanInWords(iov)} and ${spanInWords(next)} overlap`);
    if (order < 0)
      return refuse(
        "gap",
        `nothing of ${iov.type} would hold from ${inWords(iov.until)} to before ${inWords(next.from)}`,
      );
  }
  const last = list.at(-1);
  if (!last) return { ok: true, list: added };
  const next = last.until ?? following(last.from);
  if (isBefore(first.from, next)) return refuse("used", tooEarly(first, next));
  if (last.until !== null && compareMoments(last.until, first.from) < 0)
    return refuse(
      "gap",
      `nothing of ${last.type} would hold from ${inWords(last.until)} to before ${inWords(first.from)}`,
    );
  return { ok: true, list: [...list.slice(0, -1), { ...last, until: first.from }, ...added] };
}

function tooEarly({ type, from }: Iov, next: Moment): string {
  return `${type} from ${momentInWords(from)} is too early; the next that can be appended is ${momentInWords(next)}`;
}

function inWords(moment: Moment | null): string {
  return moment === null ? "now on" : momentInWords(moment);
}

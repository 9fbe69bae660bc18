/** For which intervals the payloads of a task are published, beside what the tag holds already. */
import { compareEnds, type Iov, isEmpty, type Span, sharesMoment, spanInWords } from "../conditions/iov.ts";
import { compareMoments, isBefore, type Moment } from "../conditions/moment.ts";
import type { PublishRule } from "./rule.ts";

/** What a job left, and for when: as the job says, or as the rule does. */
export type Left = {
  readonly type: string;
  readonly payload: string;
  readonly from?: Moment | undefined;
  /** Null: for everything to come. */
  readonly until?: Moment | null | undefined;
};

export type Intervals =
  | { readonly ok: true; readonly iovs: readonly Iov[]; readonly late: readonly Iov[] }
  | { readonly ok: false; readonly why: string };

/**
 * @param span the runs of the task's group
 * @param there intervals of these types in the tag, from the first moment on that any of these could begin
 * @returns `late`: those that are left out since a later run was published before, and that is declared so
 */
export function intervalsOf(
  left: readonly Left[],
  rule: Pick<PublishRule, "types" | "late" | "holds">,
  span: Span,
  there: readonly Iov[],
): Intervals {
  const stranger = left.find(({ type }) => !rule.types.includes(type));
  if (stranger)
    return {
      ok: false,
      why: `a job left a payload of type ${stranger.type}, and the task publishes ${rule.types.join(", ")}: add it to publish.payload in git, or leave it out`,
    };
  const iovs: Iov[] = [];
  const late: Iov[] = [];
  for (const one of left) {
    const from = one.from ?? span.from;
    const next = ofLaterRun(there, one.type, from, span);
    const own = one.until !== undefined ? one.until : rule.holds === "runs" ? span.until : null;
    const until = next !== undefined && compareEnds(next, own) < 0 ? next : own;
    const iov: Iov = { type: one.type, payload: one.payload, from, until };
    if (isEmpty(iov)) return { ok: false, why: `${iov.type} would hold ${spanInWords(iov)}, which is never` };
    const overlapping = iovs.find((other) => other.type === iov.type && sharesMoment(other, iov));
    if (overlapping)
      return {
        ok: false,
        why: `the jobs left two payloads of type ${iov.type} that hold at the same time: ${spanInWords(overlapping)}, and ${spanInWords(iov)}`,
      };
    // What replaces an interval that begins with it is a correction, and never too late.
    const corrects = there.some((other) => other.type === iov.type && compareMoments(other.from, from) === 0);
    if (next !== undefined && !corrects && rule.late === "leave-out") late.push(iov);
    else iovs.push(iov);
  }
  return { ok: true, iovs, late };
}

/** Where the first interval of the type begins that a later run has published: never within the runs of the group itself. */
function ofLaterRun(there: readonly Iov[], type: string, from: Moment, span: Span): Moment | undefined {
  return there
    .filter((iov) => iov.type === type && isBefore(from, iov.from) && compareEnds(iov.from, span.until) >= 0)
    .map((iov) => iov.from)
    .sort(compareMoments)[0];
}

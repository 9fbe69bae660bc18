/** What was used of a running tag stays as it was: only what is later is appended to it. */
import type { TagChange } from "../../core/conditions/change.ts";
import { compareMoments, isBefore, momentInWords } from "../../core/conditions/moment.ts";
import type { TagRef } from "../../core/conditions/tag.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Changed } from "../../ports/tag-operations.ts";

type Uses = Pick<Queries, "usedUntil">;

/** Type by type, by what jobs were made with. Undefined where nothing stands in its way. */
export async function refusedByUses(
  { environment, name }: TagRef,
  change: TagChange,
  queries: Uses,
): Promise<Extract<Changed, { ok: false }> | undefined> {
  if (change.kind !== "append") return undefined;
  for (const [type, iovs] of Map.groupBy(change.iovs, (iov) => iov.type)) {
    const used = await queries.usedUntil({ environment, tag: name, type });
    const first = iovs.map(({ from }) => from).sort(compareMoments)[0];
    if (used && first && isBefore(first, used))
      return {
        ok: false,
        reason: "used",
        detail: `${type} of ${name} was used up to before ${momentInWords(used)}, and this begins at ${momentInWords(first)}; the next that can be appended is ${momentInWords(used)}`,
      };
  }
  return undefined;
}

/** What may be appended next to the types that this was about is later than what was used, too. */
export async function nextByUses(
  { environment, name }: TagRef,
  done: Extract<Changed, { ok: true }>,
  queries: Uses,
): Promise<Changed> {
  const next = { ...done.report.next };
  for (const type of new Set(done.report.added.map((iov) => iov.type))) {
    const used = await queries.usedUntil({ environment, tag: name, type });
    const first = Object.hasOwn(next, type) ? next[type] : undefined;
    if (used && first && isBefore(first, used)) next[type] = used;
  }
  return { ...done, report: { ...done.report, next } };
}

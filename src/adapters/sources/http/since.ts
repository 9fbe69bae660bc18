/**
 * How far the changes of a registry are known: the greatest last change among the records that were read.
 *
 * Not all of them can be relied on. While a long list is read page by page, a run on a page that was read already may
 * change, and a change that was begun earlier may become visible later. So a change that was younger than the overlap
 * when the reading began does not move the mark; the next reading brings it once more.
 *
 * Against a list in the order of its changes nothing can be done here: what changes goes from its beginning to its end,
 * and everything between moves by one, from a page to come to a page that was read. Such lists have to be asked for in
 * the order of the runs.
 */
import { z } from "zod";
import { type Instant, parseInstant } from "../../../core/time.ts";
import { valueAt } from "../dotted.ts";

/** As the registry writes it, to be sent back letter by letter. */
export const mark = z.union([z.string(), z.number()]);

export type Mark = z.output<typeof mark>;

export function advance(
  from: Mark | undefined,
  records: readonly unknown[],
  { field, before }: { readonly field: string; readonly before: Instant },
): Mark | undefined {
  return records
    .map((record) => valueAt(record, field))
    .filter((value) => isMark(value))
    .filter((value) => (momentOf(value) ?? before) <= before)
    .reduce<Mark | undefined>(later, from);
}

/** No record has the field at all, not even empty: its name is a mistake, and everything would be read for ever. */
export function isAbsent(records: readonly unknown[], field: string): boolean {
  return records.length > 0 && records.every((record) => valueAt(record, field) === undefined);
}

function isMark(value: unknown): value is Mark {
  return typeof value === "number"
    ? Number.isFinite(value)
    : typeof value === "string" && (momentOf(value) ?? numberOf(value)) !== undefined;
}

/** The later of two marks; where they cannot be compared, the one that is known already. */
function later(a: Mark | undefined, b: Mark): Mark {
  if (a === undefined) return b;
  const moments = [momentOf(a), momentOf(b)] as const;
  if (moments[0] !== undefined && moments[1] !== undefined) {
    // Registries write microseconds; a moment here has milliseconds, and the text decides between equal ones.
    if (moments[0] === moments[1]) return String(b) > String(a) ? b : a;
    return moments[1] > moments[0] ? b : a;
  }
  const numbers = [numberOf(a), numberOf(b)] as const;
  return numbers[0] !== undefined && numbers[1] !== undefined && numbers[1] > numbers[0] ? b : a;
}

function momentOf(value: Mark): Instant | undefined {
  return typeof value === "string" ? parseInstant(value) : undefined;
}

function numberOf(value: Mark): number | undefined {
  if (typeof value === "number") return value;
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

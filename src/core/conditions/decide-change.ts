/**
 * What a change makes of the intervals of a tag. Whoever keeps tags gives what it touches, and writes what is answered: whole or
 * not at all.
 */
import { type Refused, refuse } from "../decision.ts";
import { appended } from "./append.ts";
import type { TagChange, TagRefusal } from "./change.ts";
import { type Contents, contentsOf } from "./contents.ts";
import { type Intervals, overlapIn, without, withThese } from "./intervals.ts";
import { compareEnds, type Iov, isEmpty, type Span, spanInWords } from "./iov.ts";
import { mergedInto } from "./merge.ts";
import { BEGINNING, isBefore } from "./moment.ts";
import { type Difference, differenceOf } from "./report.ts";
import type { GlobalTag } from "./tag.ts";
import { refusedByState } from "./tag-life.ts";

export const ALWAYS: Span = { from: BEGINNING, until: null };

export type Touched = {
  readonly tag: GlobalTag;
  /** What `windowsOf` asks for, at least. */
  readonly contents: Contents;
  /** For `merge` and `clone`: what each of the others holds within the span. */
  readonly sources: readonly Contents[];
  /** Whether there is a payload of this hash. */
  readonly knows: (hash: string) => boolean;
};

export type Changed = { readonly ok: true; readonly difference: Difference };

/** What must be known of the tag's intervals: of this type (of all where none is named), those that touch the span, or the last alone. */
export type Window = { readonly type?: string; readonly span: Span } | { readonly type: string; readonly last: true };

export function windowsOf(change: TagChange): readonly Window[] {
  switch (change.kind) {
    case "put":
      return [...Map.groupBy(change.iovs, (iov) => iov.type)].map(([type, iovs]) => ({ type, span: hullOf(iovs) }));
    case "append":
      return [...new Set(change.iovs.map((iov) => iov.type))].map((type) => ({ type, last: true }));
    case "remove":
      return [{ type: change.type, span: change.span }];
    case "merge":
      return [{ span: change.span }];
    case "empty":
      return [{ span: ALWAYS }];
    default:
      return [];
  }
}

export function decideChange(change: TagChange, touched: Touched): Changed | Refused<TagRefusal> {
  const { tag, contents, knows } = touched;
  const refused = refusedByState(tag, change);
  if (refused) return refused;
  switch (change.kind) {
    case "put":
      return refusedFor(change.iovs, knows) ?? put(contents, change.iovs);
    case "append":
      return refusedFor(change.iovs, knows) ?? append(contents, change);
    case "remove":
      return changed(contents, new Map([[change.type, without(contents.get(change.type) ?? [], change.span)]]));
    case "merge":
      return put(contents, mergedInto(contents, touched.sources, change.span));
    case "empty":
      return changed(contents, new Map([...contents.keys()].map((type) => [type, []])));
    case "create":
    case "clone":
    case "state":
    case "describe":
      return changed(contents, new Map());
  }
}

/** The list of each type that changes, as it becomes. */
type After = ReadonlyMap<string, Intervals>;

function changed(contents: Contents, after: After, given: readonly Iov[] = []): Changed {
  const each = [...after].map(([type, list]) => differenceOf(contents.get(type) ?? [], list, given));
  return {
    ok: true,
    difference: {
      added: each.flatMap(({ added }) => added),
      removed: each.flatMap(({ removed }) => removed),
      cut: each.flatMap(({ cut }) => cut),
    },
  };
}

function put(contents: Contents, iovs: readonly Iov[]): Changed {
  const after = [...contentsOf(iovs)].map(
    ([type, added]) => [type, withThese(contents.get(type) ?? [], added)] as const,
  );
  return changed(contents, new Map(after), iovs);
}

function append(contents: Contents, change: Extract<TagChange, { kind: "append" }>): Changed | Refused<TagRefusal> {
  const after = new Map<string, Intervals>();
  for (const [type, iovs] of contentsOf(change.iovs)) {
    const result = appended(contents.get(type) ?? [], iovs, change.unusedFrom);
    if (!result.ok) return result;
    after.set(type, result.list);
  }
  return changed(contents, after, change.iovs);
}

/** From the first beginning to the last end. */
function hullOf(iovs: readonly Iov[]): Span {
  return iovs.reduce<Span>(
    (hull, { from, until }) => ({
      from: isBefore(from, hull.from) ? from : hull.from,
      until: compareEnds(until, hull.until) > 0 ? until : hull.until,
    }),
    iovs[0] ?? ALWAYS,
  );
}

/** Before anything is looked at: what nobody could put anywhere. */
function refusedFor(iovs: readonly Iov[], knows: (hash: string) => boolean): Refused<TagRefusal> | undefined {
  const unknown = iovs.find(({ payload }) => !knows(payload));
  if (unknown) return refuse("unknown-payload", `there is no payload ${unknown.payload}; keep its file first`);
  const empty = iovs.find(isEmpty);
  if (empty) return refuse("overlap", `${empty.type} ${spanInWords(empty)} ends before it begins`);
  for (const list of Map.groupBy(iovs, (iov) => iov.type).values()) {
    const pair = overlapIn(list);
    if (pair) return refuse("overlap", `${pair[0].type} ${spanInWords(pair[0])} and ${spanInWords(pair[1])} overlap`);
  }
  return undefined;
}

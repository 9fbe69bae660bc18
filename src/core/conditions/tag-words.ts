/** Tags, intervals and what a change did to them, in lines that are read on a phone. */
import { type Block, list, plural, say } from "../say.ts";
import type { ChangeReport } from "./change.ts";
import type { TagDiff } from "./diff.ts";
import { compareEnds, type Iov, spanInWords } from "./iov.ts";
import { compareMoments, momentInWords } from "./moment.ts";
import { type MomentRule, nextRunAt } from "./moment-of.ts";

/** As much of it as tells payloads apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/** `t0 from 8215: 3f2a9c41d2e0` */
export function iovInWords(iov: Iov): string {
  return `${iov.type} ${spanInWords(iov)}: ${shortHash(iov.payload)}`;
}

/** Longer lists are cut: all of it is in the data. */
const MOST_LINES = 12;

export function someOf(lines: readonly string[], most = MOST_LINES): Block[] {
  if (lines.length === 0) return [];
  const left = lines.length - most;
  return [list(left > 1 ? [...lines.slice(0, most), `and ${left} more; --json has all`] : lines)];
}

/** @param rule which moment a run is, so that what is next is told as a run */
export function reportInWords(report: ChangeReport, rule?: MomentRule): Block[] {
  const { added, removed, cut, unchanged, next } = report;
  const nothing = added.length + removed.length + cut.length === 0;
  const nexts = Object.entries(next).map(
    ([type, moment]) => `${type} ${momentInWords(rule ? nextRunAt(moment, rule) : moment)}`,
  );
  return [
    ...(nothing ? [say`No interval is changed; ${plural(unchanged, "interval")} stay.`] : []),
    ...told(
      "Closed:",
      cut.filter(isClosed).map(({ before, after }) => `${iovInWords(before)} ends at ${endOf(after)}`),
    ),
    ...told(
      "Cut:",
      cut.filter((one) => !isClosed(one)).map(({ before, after }) => `${iovInWords(before)} -> ${spanInWords(after)}`),
    ),
    ...told("Taken out:", removed.map(iovInWords)),
    ...told("Added:", added.map(iovInWords)),
    ...(nothing || unchanged === 0
      ? []
      : [say`${plural(unchanged, "interval")} ${unchanged === 1 ? "stays" : "stay"} as before.`]),
    ...told("Next that can be appended:", nexts),
  ];
}

function told(title: string, lines: readonly string[]): Block[] {
  return lines.length === 0 ? [] : [say`${title}`, ...someOf(lines)];
}

function isClosed({ before, after }: ChangeReport["cut"][number]): boolean {
  return before.until === null && after.until !== null && compareMoments(before.from, after.from) === 0;
}

function endOf({ until }: Iov): string {
  return until === null ? "no moment" : momentInWords(until);
}

/**
 * The first column is blank, `-` or `+`, so that it can be pasted into a block of kind `diff` of a merge request.
 * @param most lines of intervals
 */
export function diffInLines(diff: TagDiff, most: number): { readonly lines: string[]; readonly left: number } {
  const lines: string[] = [];
  let type: string | undefined;
  const shown = diff.spans.slice(0, most);
  for (const span of shown) {
    if (span.type !== type) lines.push(`  ${span.type}${remark(diff, span.type)}`);
    type = span.type;
    if (span.before !== null) lines.push(`-   ${spanInWords(span)}  ${shortHash(span.before)}`);
    if (span.after !== null) lines.push(`+   ${spanInWords(span)}  ${shortHash(span.after)}`);
  }
  return { lines, left: diff.spans.length - shown.length };
}

function remark({ typesAdded, typesRemoved }: TagDiff, type: string): string {
  if (typesAdded.includes(type)) return " (only in the second)";
  return typesRemoved.includes(type) ? " (only in the first)" : "";
}

/** For those who look for one: the later one first. */
export function newestFirst(iovs: readonly Iov[]): Iov[] {
  return [...iovs].sort((a, b) => compareMoments(b.from, a.from) || compareEnds(b.until, a.until));
}

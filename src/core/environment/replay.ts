/** A pull request asks, in a line of its description, that its mirror processes named runs. */
import { parseRuns, type RunInterval } from "../config/values.ts";

const LINE = /^\s*\/calops\s+replay\b(.*)$/;

export type Replay = { readonly runs: readonly RunInterval[] } | { readonly problem: string; readonly instead: string };

/** What all such lines ask for together; undefined where there is none. Lines in fenced code are quotations, and ask for nothing. */
export function replayAskedFor(description: string): Replay | undefined {
  const lines = outsideFences(description).flatMap((line) => LINE.exec(line)?.[1] ?? []);
  if (lines.length === 0) return undefined;
  const words = lines.flatMap((line) => line.split(/[\s,]+/)).filter((word) => word !== "");
  const runs = words.flatMap((word) => parseRuns(word) ?? []);
  const wrong = words.find((word) => parseRuns(word) === undefined);
  if (wrong !== undefined || runs.length === 0)
    return {
      problem:
        wrong === undefined ? "/calops replay names no runs" : `"${wrong.slice(0, 40)}" is no run or range of runs`,
      instead: "write for example /calops replay 8215 8300-8310",
    };
  return { runs };
}

/** A fence is ended by one of the same kind that is at least as long; whatever else is in it is quoted, other fences too. */
function outsideFences(text: string): string[] {
  let fence = "";
  return text.split(/\r?\n/).filter((line) => {
    const [, mark = "", more = ""] = /^\s*(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line) ?? [];
    if (fence === "") fence = mark;
    else if (mark.startsWith(fence) && more.trim() === "") fence = "";
    else return false;
    return mark === "";
  });
}

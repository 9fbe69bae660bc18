/** The line of a log that a person would look for first. */
import { cleanLine } from "./clean.ts";

/** What a line says of its own weight, as Gaudi, Python and Java write it; the first such word in it counts. */
const LEVEL = /\b(?:(ERROR|FATAL|CRITICAL)|TRACE|DEBUG|VERBOSE|INFO|NOTICE)\b/;
const ERROR_LINE =
  /\b(error|fatal|exception|traceback|segmentation (fault|violation)|core dumped|panic|abort(ed)?|cannot|could not|can't|failed|failure|not found|no such file|permission denied|no space left|out of memory|killed)\b|^what\(\):|^E\s|^\[E\]/i;
/** Lines that speak of errors without being one: that there were none, how many fits failed, how large the error of a value is. */
const HARMLESS =
  /\b(0|no) (errors?|failures?|failed)\b|errors?\s*[:=]\s*(0|none)\s*([,;.)]|$)|\bwithout errors?\b|\d failed [a-z]+s\b|errors?( rate)?\s*[:=]?\s*[-+]?\d+(\.\d+)?\s*(%|\+\/?-|±|[pnuµmckMG]?(s|m|rad|eV)\b)/i;

/** Takes lines one at a time, so that a log of any length can be looked through without holding it. */
export function firstErrorFinder(): { take(line: string): void; found(): string | null } {
  let firstError: string | null = null;
  let last: string | null = null;
  let afterTraceback: string | null = null;
  let inTraceback = false;
  return {
    take(raw) {
      const line = cleanLine(raw);
      if (line === "" || isNoise(line)) return;
      last = line;
      // Python tells what went wrong at the end of a traceback, on the first line that is not indented.
      if (/^Traceback \(most recent call last\)/.test(line)) inTraceback = true;
      else if (inTraceback && !/^\s/.test(raw)) {
        afterTraceback ??= line;
        inTraceback = false;
      }
      if (firstError === null && isError(line)) firstError = line;
    },
    found() {
      if (firstError !== null && /^Traceback/.test(firstError) && afterTraceback !== null) return afterTraceback;
      return firstError ?? last;
    },
  };
}

/** What is no text: a program that wrote its data where its words should be. */
function isNoise(line: string): boolean {
  return (line.match(/\ufffd/g)?.length ?? 0) > line.length / 10;
}

function isError(line: string): boolean {
  const level = LEVEL.exec(line);
  if (level) return level[1] !== undefined;
  return ERROR_LINE.test(line) && !HARMLESS.test(line);
}

/** The line of a log that a person would look for first. */
import { cleanLine } from "./clean.ts";

const ERROR_LINE =
  /\b(error|fatal|exception|traceback|segmentation fault|core dumped|panic|abort(ed)?|cannot|could not|can't|failed|failure|not found|no such file|permission denied|out of memory|killed)\b|^E\s|^\[E\]/i;
/** Lines that speak of errors without being one. */
const HARMLESS =
  /\b(0|no) (errors?|failures?|failed)\b|error(s)?\s*[:=]\s*(0|none)\b|\bwithout errors?\b|errors?\/fail/i;

/** Takes lines one at a time, so that a log of any length can be looked through without holding it. */
export function firstErrorFinder(): { take(line: string): void; found(): string | null } {
  let firstError: string | null = null;
  let last: string | null = null;
  let afterTraceback: string | null = null;
  let inTraceback = false;
  return {
    take(raw) {
      const line = cleanLine(raw);
      if (line === "") return;
      last = line;
      // Python tells what went wrong at the end of a traceback, on the first line that is not indented.
      if (/^Traceback \(most recent call last\)/.test(line)) inTraceback = true;
      else if (inTraceback && !/^\s/.test(raw)) {
        afterTraceback ??= line;
        inTraceback = false;
      }
      if (firstError === null && ERROR_LINE.test(line) && !HARMLESS.test(line)) firstError = line;
    },
    found() {
      if (firstError !== null && /^Traceback/.test(firstError) && afterTraceback !== null) return afterTraceback;
      return firstError ?? last;
    },
  };
}

/** A log as it grows, on a terminal: whole lines, since what a terminal would obey may be cut in two between pieces. */
import { cleanLines } from "../../../core/text/clean.ts";

/** A line that does not end is not waited for beyond this. */
const LONGEST = 64 * 1024;

export function liveText(print: (text: string) => void): { take(piece: string): void; end(): void } {
  let rest = "";
  return {
    take(piece) {
      rest += piece;
      const end = rest.length > LONGEST ? rest.length : rest.lastIndexOf("\n") + 1;
      if (end > 0) print(cleanLines(rest.slice(0, end)));
      rest = rest.slice(end);
    },
    end() {
      if (rest !== "") print(`${cleanLines(rest)}\n`);
      rest = "";
    },
  };
}

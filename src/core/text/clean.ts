/** Text from jobs, registries and people, made fit to stand in a message: one line, no colours, no control characters. */
import stripAnsi from "strip-ansi";

const MOST = 300;

// Control characters, and the marks that turn the direction of writing and could make a text read as something else.
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** One line, trimmed, at most 300 characters. */
export function cleanLine(text: string): string {
  return cut(
    stripAnsi(text.slice(0, 4 * MOST))
      .replace(UNPRINTABLE, " ")
      .replace(/\s+/g, " ")
      .trim(),
    MOST,
  );
}

/** Many lines: as a screen shows them in the end, without colours and control characters; a tabulator is four spaces. */
export function cleanLines(text: string): string {
  return text
    .split("\n")
    .map((line) => stripAnsi(lastWritten(line)).replaceAll("\t", "    ").replace(UNPRINTABLE, ""))
    .join("\n");
}

/** Of a line that was written over, as progress is, what came last. */
function lastWritten(line: string): string {
  return line.split("\r").findLast((part) => part !== "") ?? "";
}

/** At most so many characters, whole ones; an ellipsis stands for the rest. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

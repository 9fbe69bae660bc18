/** Blocks in Jira's own markup. What people and configurations say stands there as it is: every character that means something is escaped. */
import type { Block, Part } from "../../../core/say.ts";
import { cleanLines, cut } from "../../../core/text/clean.ts";
import { iso } from "../../../core/time.ts";

const LONGEST = 2_000;

export function renderWiki(blocks: readonly Block[], most: number): string {
  return cut(blocks.map(blockOf).join("\n\n"), most);
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case "text":
      return inLine(block.parts);
    case "list":
      return block.items.map((item) => `* ${inLine(item)}`).join("\n");
    case "fields":
      return block.fields.map(([name, value]) => `* ${plain(name)}: ${inLine(value)}`).join("\n");
    case "table":
      return [
        block.columns.map(({ title }) => plain(title)).join(" - "),
        ...block.rows.map((row) => `* ${row.map((part) => inLine([part])).join(" - ")}`),
      ].join("\n");
    case "code":
      return block.text
        .split("\n")
        .map((line) => plain(line))
        .join("\n");
    case "picture":
      return plain(block.title);
    case "buttons":
      return block.buttons.map(({ words }) => `* ${plain(words.join(" "))}`).join("\n");
  }
}

function inLine(parts: readonly Part[]): string {
  return parts.map(partOf).join("");
}

function partOf(part: Part): string {
  if (typeof part === "string") return plain(part);
  if ("at" in part) return plain(iso(part.at).replace(/:\d\d\.\d{3}Z$/, "Z"));
  return plain(`${part.label} ${part.url}`);
}

/** Within a line. A backslash in front of it takes its meaning from a character. */
function plain(text: string): string {
  const line = cut(cleanLines(text.toWellFormed().replace(/\s*[\r\n]\s*/g, " ")), LONGEST);
  return line.replace(/[\\{}[\]*_+^~|!#@?]/g, "\\$&").replace(/^(\s*)(-|h\d\.|bq\.)/, "$1\\$2");
}

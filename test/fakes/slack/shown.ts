/** What a reader sees of blocks: words, and buttons. */
import type * as types from "@slack/types";

export type Shown = {
  /** What the message is called by: its channel and moment. */
  readonly id: string;
  readonly text: string;
  /** The message that its thread hangs from. */
  readonly thread: string | null;
  readonly buttons: readonly string[];
  readonly ephemeral: boolean;
};

export function textOfBlocks(blocks: readonly types.KnownBlock[]): string {
  return blocks
    .map(textOfBlock)
    .filter((text) => text !== "")
    .join("\n");
}

export function buttonsOf(blocks: readonly types.KnownBlock[]): types.Button[] {
  return blocks.flatMap((block) =>
    block.type === "actions" ? block.elements.filter((element) => element.type === "button") : [],
  );
}

/** Plain text is read for markup: what acts is shown as what it does. */
export function textOfMarkup(text: string): string {
  return text
    .replace(/<!(channel|here|everyone)[^>]*>/g, "[everybody is called]")
    .replace(/<@([^>|]+)[^>]*>/g, "[$1 is called]")
    .replace(/<([^>|]+)\|([^>]*)>/g, "[$2 leads to $1]")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function textOfBlock(block: types.KnownBlock): string {
  switch (block.type) {
    case "section":
      return [block.text, ...(block.fields ?? [])]
        .map((one) => (one === undefined ? "" : one.type === "mrkdwn" ? textOfMarkup(one.text) : one.text))
        .join("\n");
    case "rich_text":
      return block.elements.map(textOfElement).join("\n");
    case "table":
      return block.rows.map((row) => row.map((cell) => textOfCell(cell)).join("  ")).join("\n");
    default:
      return "";
  }
}

function textOfCell(cell: types.TableBlock["rows"][number][number]): string {
  if (cell.type === "rich_text") return cell.elements.map(textOfElement).join("");
  return cell.type === "raw_text" ? cell.text : String(cell.value);
}

function textOfElement(element: types.RichTextBlockElement): string {
  if (element.type === "rich_text_list") return element.elements.map((item) => `- ${textOfElement(item)}`).join("\n");
  return element.elements.map(inWords).join("");
}

function inWords(one: types.RichTextElement): string {
  switch (one.type) {
    case "text":
      return one.text;
    case "link":
      return one.text ?? one.url;
    case "date":
      return one.fallback ?? "";
    case "broadcast":
      return "[everybody is called]";
    default:
      return `[${one.type}]`;
  }
}

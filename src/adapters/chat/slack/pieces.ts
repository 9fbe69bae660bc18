/** Blocks as pieces of rich text, each cut to the room that it is given. */
import type { types } from "@slack/bolt";
import { lineOf } from "../../../core/command/parse.ts";
import { type Block, plural } from "../../../core/say.ts";
import { cleanLines } from "../../../core/text/clean.ts";
import { cutElements, type Element, elementsOf, lengthOf, printable, textOf, wordsOf } from "./elements.ts";
import { headOf, tailOf } from "./graphemes.ts";

export type Piece = {
  /** In characters, as Slack counts what a message may have. */
  readonly length: number;
  /** Cannot be made smaller than that. */
  readonly least: number;
  cut(most: number): Cut;
};

export type Cut = {
  readonly rich: readonly types.RichTextBlockElement[];
  readonly table?: types.TableBlock;
  readonly words: string;
  /** What was left out, in words; undefined where nothing was. */
  readonly left?: string | undefined;
};

const MOST_ROWS = 99;
const MOST_COLUMNS = 20;
/** So much of a code's room is for its beginning; what came last is worth more. */
const HEAD_OF_CODE = 1 / 3;
/** What tells of the gap between. */
const FOR_GAP = 60;

/** @param asTable whether a table may be one of Slack's: of those a message has one */
export function pieceOf(block: Exclude<Block, { kind: "buttons" }>, asTable: boolean): Piece {
  switch (block.kind) {
    case "text":
      return paragraph(elementsOf(block.parts));
    case "fields":
      return paragraph(fieldElements(block.fields));
    case "list":
      return listPiece(block.items.map((item) => elementsOf(item)));
    case "code":
      return codePiece(cleanLines(block.text.toWellFormed()));
    case "picture":
      return paragraph([textOf(`[picture: ${printable(block.title)}]`)]);
    case "table":
      return asTable && block.columns.length <= MOST_COLUMNS ? tablePiece(block) : columnsPiece(block);
  }
}

/** A button where none can be shown: the line to type. */
export function typedPiece(words: readonly (readonly string[])[]): Piece {
  return paragraph([textOf(`type: ${words.map((one) => printable(lineOf(one))).join(" | ")}`)]);
}

function paragraph(all: readonly Element[]): Piece {
  // An empty text is refused.
  const elements = all.filter((one) => one.type !== "text" || one.text !== "");
  return {
    length: lengthOf(elements),
    least: lengthOf(elements.filter((one) => one.type === "link")),
    cut(most) {
      const { kept, left } = cutElements(elements, most);
      const rich: types.RichTextBlockElement[] =
        kept.length === 0 ? [] : [{ type: "rich_text_section", elements: kept }];
      return { rich, words: wordsOf(kept), left: left === 0 ? undefined : plural(left, "character") };
    },
  };
}

function fieldElements(fields: Extract<Block, { kind: "fields" }>["fields"]): Element[] {
  return fields.flatMap(([name, value], index) => [
    textOf(`${index === 0 ? "" : "\n"}${printable(name)}`, true),
    textOf("  "),
    ...elementsOf(value),
  ]);
}

function listPiece(items: readonly Element[][]): Piece {
  return {
    length: items.reduce((sum, item) => sum + lengthOf(item), 0),
    least: 0,
    cut(most) {
      const whole = wholeOnes(items, lengthOf, most);
      // A first item that has no room by itself is still better than none.
      const first = whole.length === 0 && items[0] ? [cutElements(items[0], most).kept] : whole;
      const shown = first.filter((item) => item.length > 0);
      return {
        rich:
          shown.length === 0
            ? []
            : [
                {
                  type: "rich_text_list",
                  style: "bullet",
                  elements: shown.map((item) => ({ type: "rich_text_section", elements: item })),
                },
              ],
        words: shown.map((item) => `- ${wordsOf(item)}`).join("\n"),
        left:
          whole.length === items.length
            ? undefined
            : `${items.length - whole.length} of ${plural(items.length, "line")}`,
      };
    },
  };
}

function codePiece(code: string): Piece {
  return {
    length: code.length,
    least: 0,
    cut(most) {
      if (code === "") return { rich: [], words: "" };
      if (code.length <= most) return { rich: [preformatted(code)], words: code };
      const room = most - FOR_GAP;
      if (room <= 0) return { rich: [], words: "", left: plural(code.length, "character") };
      const head = headOf(code, Math.floor(room * HEAD_OF_CODE));
      const tail = tailOf(code, room - head.length);
      const left = plural(code.length - head.length - tail.length, "character");
      const shown = `${head}\n… ${left} left out …\n${tail}`;
      return { rich: [preformatted(shown)], words: shown, left };
    },
  };
}

type Table = Extract<Block, { kind: "table" }>;

/** A table as Slack shows one, with moments in the reader's zone and links to press. */
function tablePiece({ columns, rows }: Table): Piece {
  const titles = columns.map(({ title }) => printable(title));
  const cells = rows.map((row) => columns.map((_column, index) => elementsOf([row[index] ?? ""])));
  const lengthOfRow = (row: readonly Element[][]) => row.reduce((sum, cell) => sum + Math.max(1, lengthOf(cell)), 0);
  const heading = titles.reduce((sum, title) => sum + Math.max(1, title.length), 0);
  return {
    length: heading + cells.reduce((sum, row) => sum + lengthOfRow(row), 0),
    least: 0,
    cut(most) {
      const shown = wholeOnes(cells, lengthOfRow, most - heading).slice(0, MOST_ROWS);
      const left =
        shown.length === rows.length ? undefined : `${rows.length - shown.length} of ${plural(rows.length, "row")}`;
      if (heading > most || columns.length === 0) return { rich: [], words: "", left: plural(rows.length, "row") };
      return {
        rich: [],
        table: {
          type: "table",
          column_settings: columns.map(({ align }) => ({ align: align ?? "left", is_wrapped: align === undefined })),
          rows: [titles.map(rawCell), ...shown.map((row) => row.map(cellOf))],
        },
        words: [titles.join(" | "), ...shown.map((row) => row.map(wordsOf).join(" | "))].join("\n"),
        left,
      };
    },
  };
}

function cellOf(elements: readonly Element[]): types.RichTextBlock | types.RawTextElement {
  const [only] = elements;
  if (elements.length === 0) return rawCell("");
  if (elements.length === 1 && only?.type === "text") return rawCell(only.text);
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [...elements] }] };
}

/** An empty cell is refused. */
function rawCell(text: string): types.RawTextElement {
  return { type: "raw_text", text: text === "" ? " " : text };
}

/** A table in letters of one width, where Slack shows no other. */
function columnsPiece({ columns, rows }: Table): Piece {
  const cells = rows.map((row) => columns.map((_column, index) => elementsOf([row[index] ?? ""])));
  const shownOf = (cell: readonly Element[]) =>
    cell.map((one) => (one.type === "link" ? one.text : wordsOf([one]))).join("");
  const titles = columns.map(({ title }) => printable(title));
  const widths = titles.map((title, index) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(shownOf(row[index] ?? [])))),
  );
  const filled = (cell: readonly Element[], index: number): Element[] => {
    const space = " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(shownOf(cell))));
    const plain = cell.map((one) => (one.type === "date" ? textOf(wordsOf([one])) : one));
    if (columns[index]?.align === "right") return [textOf(space), ...plain];
    return index === columns.length - 1 ? plain : [...plain, textOf(space)];
  };
  const lines = [titles.map((title) => [textOf(title)]), ...cells].map((row) =>
    row.flatMap((cell, index) => [...(index === 0 ? [] : [textOf("  ")]), ...filled(cell, index)]),
  );
  const lengthOfLine = (line: readonly Element[]) => lengthOf(line) + 1;
  return {
    length: lines.reduce((sum, line) => sum + lengthOfLine(line), 0),
    least: 0,
    cut(most) {
      const shown = wholeOnes(lines, lengthOfLine, most);
      const elements = shown
        .flatMap((line, index) => (index === 0 ? line : [textOf("\n"), ...line]))
        .filter((one) => one.type !== "text" || one.text !== "") as (types.RichTextText | types.RichTextLink)[];
      const left = lines.length - shown.length;
      return {
        rich: elements.length === 0 ? [] : [{ type: "rich_text_preformatted", elements }],
        words: wordsOf(elements),
        left: left === 0 ? undefined : `${left} of ${plural(rows.length, "row")}`,
      };
    },
  };
}

function preformatted(text: string): types.RichTextPreformatted {
  return { type: "rich_text_preformatted", elements: [{ type: "text", text }] };
}

function widthOf(text: string): number {
  return [...text].length;
}

function wholeOnes<T>(all: readonly T[], length: (one: T) => number, most: number): T[] {
  let room = most;
  const end = all.findIndex((one) => {
    room -= length(one);
    return room < 0;
  });
  return end === -1 ? [...all] : all.slice(0, end);
}

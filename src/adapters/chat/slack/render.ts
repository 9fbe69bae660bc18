/** Blocks as Slack shows them, within everything that Slack refuses. What had no room is told, with where it stands. */
import type { types } from "@slack/bolt";
import type { Block, Button, Picture } from "../../../core/say.ts";
import { elementsOf, printable } from "./elements.ts";
import { cutTo } from "./graphemes.ts";
import { type Cut, type Piece, pieceOf, typedPiece } from "./pieces.ts";

export type Sheet = {
  readonly seal: (button: Button) => string;
  /** Where all of it can be read; null where nowhere. */
  readonly wholeUrl: string | null;
  /** A home page has room for more blocks, and none for tables. */
  readonly surface: "message" | "home";
};

export type Rendered = {
  readonly blocks: types.KnownBlock[];
  /** For notifications, for who listens to it, and where blocks are refused. */
  readonly text: string;
  readonly pictures: readonly Picture[];
};

/** Slack refuses about 13 200 characters over all blocks as `msg_blocks_too_long`, and says so nowhere. */
const MOST_CHARACTERS = 12_000;
/** Over all cells of a message. */
const MOST_IN_TABLE = 9_500;
const MOST_BLOCKS = { message: 50, home: 100 } as const;
const MOST_IN_ROW = 25;
const MOST_IN_LABEL = 75;
const MOST_IN_VALUE = 2_000;
/** Slack advises 4000 and cuts at 40 000. */
const MOST_IN_TEXT = 3_000;
/** What tells of the rest, with its address. */
const FOR_NOTICE = 600;

type Laid = { readonly piece: Piece } | { readonly buttons: readonly types.Button[] };

export function renderBlocks(blocks: readonly Block[], sheet: Sheet): Rendered {
  const laid = layOut(blocks, sheet);
  const labels = laid.flatMap((one) => ("buttons" in one ? one.buttons : []));
  const forButtons = labels.reduce((sum, { text }) => sum + text.text.length, 0);
  const cuts = cutToFit(laid, Math.max(0, MOST_CHARACTERS - FOR_NOTICE - forButtons));
  const left = cuts.flatMap((one) => ("left" in one && one.left !== undefined ? [one.left] : []));
  const notice = left.length === 0 ? [] : [noticeOf(left, sheet.wholeUrl)];
  const most = MOST_BLOCKS[sheet.surface];
  const inPlace = [...assembled(cuts), ...notice];
  const shown = inPlace.length <= most ? inPlace : [...assembled(buttonsLast(cuts)), ...notice].slice(0, most);
  const words = cuts.flatMap((one) => ("words" in one && one.words !== "" ? [one.words] : [])).join("\n");
  return {
    blocks: shown,
    text: cutTo(escaped(words), MOST_IN_TEXT) || "calops",
    pictures: blocks.filter((block) => block.kind === "picture"),
  };
}

function layOut(blocks: readonly Block[], { seal, surface }: Sheet): Laid[] {
  let tables = surface === "message" ? 1 : 0;
  let count = 0;
  return blocks.flatMap((block): Laid[] => {
    if (block.kind !== "buttons") return [{ piece: pieceOf(block, block.kind === "table" && tables-- > 0) }];
    const sealed = block.buttons.map((button) => ({ button, value: seal(button) }));
    const typed = sealed.filter(({ value }) => value.length > MOST_IN_VALUE);
    const pressed = sealed.filter(({ value }) => value.length <= MOST_IN_VALUE);
    return [
      ...(typed.length === 0 ? [] : [{ piece: typedPiece(typed.map(({ button }) => button.words)) }]),
      ...(pressed.length === 0
        ? []
        : [{ buttons: pressed.map(({ button, value }) => buttonOf(button, value, count++)) }]),
    ];
  });
}

function buttonOf({ label, look }: Button, value: string, index: number): types.Button {
  const text = cutTo(printable(label), MOST_IN_LABEL);
  return {
    type: "button",
    action_id: `${BUTTON}${index}`,
    text: { type: "plain_text", text: text === "" ? "…" : text, emoji: false },
    value,
    ...(look && { style: look }),
  };
}

/** How the identifiers of all buttons begin. */
export const BUTTON = "calops-";

/** The large give way to the small: each gets the same room at most, and what it does not need is for the others. */
function cutToFit(laid: readonly Laid[], most: number): (Cut | { readonly buttons: readonly types.Button[] })[] {
  const pieces = laid.flatMap((one) => ("piece" in one ? [one.piece] : []));
  const least = pieces.reduce((sum, piece) => sum + piece.least, 0);
  // Between two paragraphs stands the end of a line.
  const room = most - pieces.length;
  const cap = least > room ? room / pieces.length : shareOf(pieces, room - least);
  return laid.map((one) => {
    if (!("piece" in one)) return one;
    const own = least > room ? cap : Math.max(one.piece.least, cap);
    return one.piece.cut(Math.floor(Math.min(MOST_IN_TABLE, own)));
  });
}

function shareOf(pieces: readonly Piece[], all: number): number {
  let room = all;
  const lengths = pieces.map(({ length }) => length).sort((a, b) => a - b);
  for (const [index, length] of lengths.entries()) {
    const share = room / (lengths.length - index);
    if (length > share) return share;
    room -= length;
  }
  return Number.POSITIVE_INFINITY;
}

/** What stands together is one block of Slack's. */
function assembled(cuts: readonly (Cut | { readonly buttons: readonly types.Button[] })[]): types.KnownBlock[] {
  const blocks: types.KnownBlock[] = [];
  for (const cut of cuts) {
    if ("buttons" in cut) {
      for (let from = 0; from < cut.buttons.length; from += MOST_IN_ROW)
        blocks.push({ type: "actions", elements: cut.buttons.slice(from, from + MOST_IN_ROW) });
      continue;
    }
    const last = blocks.at(-1);
    if (cut.rich.length > 0) {
      if (last?.type === "rich_text") last.elements.push(...spaced(last.elements.at(-1), cut.rich));
      else blocks.push({ type: "rich_text", elements: [...cut.rich] });
    }
    if (cut.table) blocks.push(cut.table);
  }
  return blocks;
}

/** Two paragraphs in a row would run into each other. */
function spaced(
  before: types.RichTextBlockElement | undefined,
  rich: readonly types.RichTextBlockElement[],
): types.RichTextBlockElement[] {
  const [first] = rich;
  if (before?.type !== "rich_text_section" || first?.type !== "rich_text_section") return [...rich];
  return [{ ...first, elements: [{ type: "text", text: "\n" }, ...first.elements] }, ...rich.slice(1)];
}

function buttonsLast(
  cuts: readonly (Cut | { readonly buttons: readonly types.Button[] })[],
): (Cut | { readonly buttons: readonly types.Button[] })[] {
  const buttons = cuts.flatMap((one) => ("buttons" in one ? one.buttons : []));
  return [...cuts.filter((one) => !("buttons" in one)), { buttons }];
}

function noticeOf(left: readonly string[], url: string | null): types.RichTextBlock {
  const told = left.length > 4 ? [...left.slice(0, 3), `and more of ${left.length - 3} other parts`] : left;
  const said = cutTo(`Left out here: ${told.join(", ")}. `, 300);
  const link = url === null ? [] : elementsOf([{ url, label: "Read all of it" }]);
  return {
    type: "rich_text",
    elements: [
      { type: "rich_text_section", elements: [{ type: "text", text: said, style: { italic: true } }, ...link] },
    ],
  };
}

/** Slack reads a message's plain text for mentions and links. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

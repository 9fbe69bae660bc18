/**
 * What is to be painted, as data: whoever decides what a chart shows needs no painter, and a painter decides nothing. All
 * text in it is painted as it stands; there is no markup in a drawing.
 */

/** In points; a painter makes several pixels of each. The first shape lies lowest. */
export type Drawing = {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
};

export type Shape =
  | {
      readonly kind: "box";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill: Colour;
      /** How round its corners are. */
      readonly round?: number;
    }
  | {
      readonly kind: "line";
      readonly points: readonly Point[];
      readonly colour: Colour;
      readonly thick: number;
      readonly dashed?: true;
    }
  | {
      readonly kind: "mark";
      readonly sign: Sign;
      readonly x: number;
      readonly y: number;
      /** From its middle to its edge. */
      readonly size: number;
      readonly colour: Colour;
    }
  | {
      readonly kind: "text";
      readonly text: string;
      readonly x: number;
      /** Where the letters stand. */
      readonly y: number;
      readonly size: number;
      readonly colour: Colour;
      /** Which part of it stands at `x`. */
      readonly align: "start" | "middle" | "end";
      readonly bold: boolean;
      /** Its letters have an edge of the paper's colour, so that they can be read on whatever they lie. */
      readonly halo: boolean;
    };

export type Point = readonly [x: number, y: number];
export type Sign = "dot" | "ring" | "cross";
export type Colour = `#${string}`;
type Text = Extract<Shape, { kind: "text" }>;

/** What a chat shows across its whole width, at two pixels a point. */
export const WIDTH = 600;
/** Higher than this nobody scrolls through, and chats refuse it. */
export const HIGHEST = 1_600;

export const INK = "#1c2430";
export const SOFT = "#5b6675";
export const FAINT = "#d9dde3";
export const EMPTY = "#f2f4f7";
export const PAPER = "#ffffff";

export function box(x: number, y: number, width: number, height: number, fill: Colour, round = 0): Shape {
  return { kind: "box", x, y, width, height, fill, round };
}

export function line(points: readonly Point[], colour: Colour, thick = 1, dashed = false): Shape {
  return { kind: "line", points, colour, thick, ...(dashed && { dashed: true }) };
}

export function mark(sign: Sign, [x, y]: Point, size: number, colour: Colour): Shape {
  return { kind: "mark", sign, x, y, size, colour };
}

export function text(
  words: string,
  x: number,
  y: number,
  {
    size = 10,
    colour = INK,
    align = "start",
    bold = false,
    halo = false,
  }: Partial<Pick<Text, "size" | "colour" | "align" | "bold" | "halo">> = {},
): Shape {
  return { kind: "text", text: words, x, y, size, colour, align, bold, halo };
}

/** What stands above every chart. */
import { INK, type Shape, SOFT, text, WIDTH } from "./drawing.ts";
import { fitted } from "./lettering.ts";

export const MARGIN = 16;

/** How much room it takes. */
export const HEADING = 60;

export function heading(title: string, subtitle: string): readonly Shape[] {
  const most = WIDTH - 2 * MARGIN;
  return [
    text(fitted(title, 15, most, true), MARGIN, 30, { size: 15, colour: INK, bold: true }),
    text(fitted(subtitle, 10, most), MARGIN, 47, { size: 10, colour: SOFT }),
  ];
}

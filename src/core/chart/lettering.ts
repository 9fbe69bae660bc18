/** How wide words are in the font of charts, so that what is drawn beside them does not lie on them. */
import { cleanLine } from "../text/clean.ts";

/** Thousandths of the size, from space to ~, as DejaVu Sans has them. */
const WIDTHS = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
];
/** The powers of ten. */
const SMALL = /[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/u;
const SMALL_WIDTH = 528;
/** What else there is, is at most so wide. */
const OTHERS = 1_000;
/** Bold letters are wider by as much, or less. */
const BOLD = 1.17;

/** In points, rather too much than too little. */
export function widthOf(words: string, size: number, bold = false): number {
  let thousandths = 0;
  for (const character of words)
    thousandths += WIDTHS[(character.codePointAt(0) ?? 0) - 32] ?? (SMALL.test(character) ? SMALL_WIDTH : OTHERS);
  return (thousandths / 1_000) * size * (bold ? BOLD : 1);
}

/** One line that is no wider than `most` points; an ellipsis stands for what did not fit. */
export function fitted(words: string, size: number, most: number, bold = false): string {
  const clean = cleanLine(words);
  if (widthOf(clean, size, bold) <= most) return clean;
  const characters = [...clean];
  while (characters.length > 0 && widthOf(`${characters.join("")}…`, size, bold) > most) characters.pop();
  return characters.length === 0 ? "" : `${characters.join("").trimEnd()}…`;
}

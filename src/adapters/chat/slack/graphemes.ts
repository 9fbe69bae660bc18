/** Text is cut where a reader would: never within a letter with its accents, or a picture of several signs. */
const CHARACTERS = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The longest beginning of at most so many units of length, whole characters; an ellipsis stands for the rest. */
export function cutTo(text: string, most: number): string {
  if (text.length <= most) return text;
  return most < 1 ? "" : `${headOf(text, most - 1)}…`;
}

export function headOf(text: string, most: number): string {
  let end = 0;
  for (const { index, segment } of CHARACTERS.segment(text.slice(0, most + 200))) {
    if (index + segment.length > most) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

export function tailOf(text: string, most: number): string {
  const from = Math.max(0, text.length - most);
  const looked = Math.max(0, from - 200);
  for (const { index } of CHARACTERS.segment(text.slice(looked)))
    if (looked + index >= from) return text.slice(looked + index);
  return "";
}

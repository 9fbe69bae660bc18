/** What somebody wrote in a message -> the line that they gave. */

/** What stands in code is shown to people, and given to nobody. */
const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;

/** @param bot the account of calops; undefined where any mention will do */
export function lineFromMention(text: string, bot: string | undefined): string {
  const plain = text.replace(CODE, " ");
  const mention = new RegExp(`<@${bot ?? "[A-Z0-9]+"}(?:\\|[^>]*)?>[:,]?`);
  const found = mention.exec(plain);
  if (!found) return lineFromText(plain);
  const after = firstLine(plain.slice(found.index + found[0].length));
  return asTyped(after === "" ? firstLine(plain.slice(0, found.index)) : after);
}

export function lineFromText(text: string): string {
  return asTyped(firstLine(text.replace(CODE, " ")));
}

/** A line as its writer saw it: links and names as they are shown, and what telephones make of quotes and dashes undone. */
export function asTyped(text: string): string {
  return text
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_all, target: string, label: string | undefined) => {
      if (/^[@!]/.test(target)) return label === undefined ? target : `@${label.replace(/^@/, "")}`;
      if (target.startsWith("#")) return `#${label ?? target.slice(1)}`;
      return label ?? target;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/(^|\s)[\u2013\u2014](?=[a-z])/g, "$1--")
    .replaceAll("\u00a0", " ")
    .trim();
}

/** The first that says something. */
function firstLine(text: string): string {
  return (
    text
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line !== "") ?? ""
  );
}

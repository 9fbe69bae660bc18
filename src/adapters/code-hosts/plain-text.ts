/**
 * Text from anybody as Markdown that shows just that text. Two things have to be kept from it: what the language itself makes
 * of a character, which escapes prevent; and what GitHub and GitLab look for in the text once it is rendered (mentions,
 * references, addresses, commands), which no escape prevents. These are broken by a character without width.
 */
import { cleanLines, cut } from "../../core/text/clean.ts";

/** Nobody reads further in one line. */
const LONGEST = 2_000;

/** ZERO WIDTH SPACE: neither a letter nor a space nor punctuation, for whoever looks for a name behind an @. */
const BREAK = "\u200b";

/**
 * In this order: what looks like a commit; what begins an address; what begins the key of an issue in some tracker; and the
 * single characters that mean something somewhere.
 */
const SPECIAL =
  /(?<![A-Za-z0-9])[0-9A-Fa-f]{7,}(?![A-Za-z0-9])|[Ww]{3}(?=\.)|\b(?:[A-Z][A-Z0-9_]*|[Gg][HhLl])-(?=\d)|[&<>`[\]|\\$*_~@#%^!:{]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "`": "&#96;",
  "[": `&#91;${BREAK}`,
  "]": "&#93;",
  "|": "&#124;",
  "\\": "&#92;",
  $: "&#36;",
  "*": "\\*",
  _: "\\_",
  "~": "\\~",
};

/** What has to follow a character for it to be looked at by a host. */
const FOLLOWED_BY: Readonly<Record<string, RegExp>> = {
  "@": /^\S/,
  "#": /^\S/,
  "%": /^\S/,
  "^": /^\S/,
  "~": /^\S/,
  "&": /^\d/,
  $: /^\d/,
  // At the end, what follows may be a link, and the two would be an image.
  "!": /^(\d|$)/,
  "*": /^iteration:/,
  "{": /^[+-]/,
  // An address, or the name of a little picture. `file.yaml:12:3:` is neither.
  ":": /^(\/\/|[A-Za-z_+-][\w+-]*:|100:|1234:)/,
};

/** Within a line. */
export function plainText(text: string): string {
  return cut(oneLine(text), LONGEST).replace(SPECIAL, (special, at: number, whole: string) => {
    if (/^[0-9A-Fa-f]{7,}$/.test(special)) return `\`${special}\``;
    if (special.length > 1) return special + BREAK;
    const looked = FOLLOWED_BY[special]?.test(whole.slice(at + 1)) ?? false;
    return (ENTITIES[special] ?? special) + (looked ? BREAK : "");
  });
}

/** A line that was made of such text, so that it does not begin a heading, a list or a command. */
export function asLine(line: string): string {
  return line
    .trim()
    .replace(/^\//, `${BREAK}/`)
    .replace(/^[-+=#:]/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

/** Between code fences nothing means anything but a fence. */
export function codeLines(text: string): readonly string[] {
  return cleanLines(text.toWellFormed())
    .replace(/`{3,}/g, (fence) => [...fence].join(BREAK))
    .split("\n")
    .map((line) => cut(line, LONGEST));
}

function oneLine(text: string): string {
  return cleanLines(text.toWellFormed().replace(/\s*[\r\n]\s*/g, " "));
}

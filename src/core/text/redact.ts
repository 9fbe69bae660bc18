/** Takes secrets out of text that leaves the bot: the ones it knows, and what looks like one. */
import type { Block } from "../say.ts";

/** What looks like a secret, and what is left of it. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer)\s+[a-z0-9+/=._~-]{8,}/gi, "$1 ***"],
  // Without the name of the header, `basic` is a word like others.
  [/(authorization["']?\s*[=:]\s*["']?(?:basic|token))\s+[^\s"',;]+/gi, "$1 ***"],
  // Whatever stands before the name belongs to it: DB_PASSWORD. What is quoted is taken out to the end of the quotes.
  [
    /(password|passwd|pwd|secret|token|(?:api|access|secret|private)[_-]?key)(["']?\s*[=:]\s*)(?:(["'])[^"'\n]{4,}|[^\s"',;]{4,})/gi,
    "$1$2$3***",
  ],
  [/\b(gh[pousr]_[A-Za-z0-9]{20,}|glpat-[A-Za-z0-9_-]{15,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16})\b/g, "***"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "***"],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g, "***"],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@/]+(@)/gi, "$1***$2"],
];

export type Redact = (text: string) => string;

/**
 * A redactor for these secrets, as a whole and, since logs go line by line, each line of them; ones too short to tell from
 * ordinary words are left to the shapes.
 */
export function redactor(secrets: readonly string[]): Redact {
  const known = secrets
    .flatMap((secret) => [secret, ...secret.split("\n").map((line) => line.trim())])
    .filter((secret) => secret.length >= 6)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, "***");
    return SHAPES.reduce((redacted, [shape, rest]) => redacted.replace(shape, rest), clean);
  };
}

/** A message without them, whoever wrote them into it. */
export function redactedBlocks(blocks: readonly Block[], redact: Redact): readonly Block[] {
  return JSON.parse(JSON.stringify(blocks), (key, value: unknown) =>
    typeof value === "string" && key !== "png" ? redact(value) : value,
  ) as readonly Block[];
}

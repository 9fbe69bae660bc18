import { createHash } from "node:crypto";

/**
 * A name as one part of a path, whatever is in it: characters that mean something to a path or a shell are written as `%XX`, and
 * so is a dot at the beginning, which leaves such names to the export itself.
 */
export function segment(name: string): string {
  const written = encodeURIComponent(name)
    .replace(/[!'()*~]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, "%2E");
  // A part of a path may have 255 bytes.
  return written.length <= 200 ? written : `${written.slice(0, 150)}%${digest(name)}`;
}

/** 32 hexadecimal digits that stand for a text. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

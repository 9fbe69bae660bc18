/**
 * A payload whose bytes are somewhere else, as nopayloaddb knows all of its payloads: an address and a checksum that somebody gave.
 * It is kept as a small text, so that it is a payload like any other, with a hash of its own.
 */
export type Elsewhere = {
  /** Relative to where the experiment keeps its payloads. */
  readonly url: string;
  /** In whatever way its owner counts; nopayloadclient gives MD5. */
  readonly checksum: string;
};

const KIND = "payload-elsewhere";

/** Longer ones are never of this kind, so that nobody reads a large payload to find out. */
export const ELSEWHERE_BYTES = 4_096;

/** The same place is always the same text. */
export function textOfElsewhere({ url, checksum }: Elsewhere): string {
  return `${JSON.stringify({ calops: KIND, url, checksum })}\n`;
}

/** Undefined for a text of any other kind: those are payloads of their own. */
export function readElsewhere(text: string): Elsewhere | undefined {
  if (!text.startsWith(`{"calops":"${KIND}",`)) return undefined;
  try {
    const { url, checksum } = JSON.parse(text) as Record<string, unknown>;
    return typeof url === "string" && typeof checksum === "string" ? { url, checksum } : undefined;
  } catch {
    // A payload of somebody's own that only begins like one: it is what it is.
    return undefined;
  }
}

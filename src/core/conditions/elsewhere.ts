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

/** Such payloads are kept as this type, whatever they are used as, so that whoever has none of them need not look for them. */
export const ELSEWHERE = "payload-elsewhere";

/** The same place is always the same text. */
export function textOfElsewhere({ url, checksum }: Elsewhere): string {
  return `${JSON.stringify({ calops: ELSEWHERE, url, checksum })}\n`;
}

/** Undefined for a text of any other kind: those are payloads of their own. */
export function readElsewhere(text: string): Elsewhere | undefined {
  if (!text.startsWith(`{"calops":"${ELSEWHERE}",`)) return undefined;
  try {
    const { url, checksum } = JSON.parse(text) as Record<string, unknown>;
    return typeof url === "string" && typeof checksum === "string" ? { url, checksum } : undefined;
  } catch {
    // A payload of somebody's own that only begins like one: it is what it is.
    return undefined;
  }
}

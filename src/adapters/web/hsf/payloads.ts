/** How a payload is shown, and which one is meant. Payloads never change, so what was once looked up is remembered. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ELSEWHERE_BYTES, type Elsewhere, readElsewhere, textOfElsewhere } from "../../../core/conditions/elsewhere.ts";
import type { Conditions } from "../../../ports/conditions.ts";

export type ShownPayload = Elsewhere & {
  /** In bytes; null where only its owner knows. */
  readonly size: number | null;
};

/** Some hundred bytes each. */
const REMEMBERED = 200_000;
const HASH = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/;

export type Payloads = {
  of(hash: string): Promise<ShownPayload>;
  /** The hash of the one that calops keeps, where the checksum or the address says it; otherwise that of a reference to it. */
  meant(type: string, named: { readonly url: string; readonly checksum: string | undefined }): Promise<string>;
};

export function payloadsOf(conditions: Conditions): Payloads {
  const known = new Map<string, ShownPayload>();
  return {
    async of(hash) {
      const before = known.get(hash);
      if (before) return before;
      const shown = await show(hash);
      if (known.size >= REMEMBERED) known.clear();
      known.set(hash, shown);
      return shown;
    },
    async meant(type, { url, checksum }) {
      for (const given of [checksum, url]) {
        const hash = given === undefined ? undefined : HASH.exec(given)?.[0];
        if (hash !== undefined && (await conditions.payload(hash))) return hash;
      }
      return await keepText(type, textOfElsewhere({ url, checksum: checksum ?? "" }));
    },
  };

  async function show(hash: string): Promise<ShownPayload> {
    const payload = await conditions.payload(hash);
    if (!payload) return { url: addressOf(hash), checksum: `sha256:${hash}`, size: null };
    const elsewhere =
      payload.bytes <= ELSEWHERE_BYTES
        ? readElsewhere(await readFile(await conditions.placeOf(hash), "utf8"))
        : undefined;
    return elsewhere
      ? { ...elsewhere, size: null }
      : { url: addressOf(hash), checksum: `sha256:${hash}`, size: payload.bytes };
  }

  async function keepText(type: string, text: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "calops-hsf-"));
    try {
      const file = join(directory, "payload");
      await writeFile(file, text, { mode: 0o600 });
      return (await conditions.keep(type, file)).hash;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

/** Below `payloads/` of this interface. */
function addressOf(hash: string): string {
  return `${hash.slice(0, 2)}/${hash}`;
}

/** The hash that an address below `payloads/` ends with. */
export function hashAt(address: string): string | undefined {
  return /(?:^|\/)([0-9a-f]{64})$/.exec(address)?.[1];
}

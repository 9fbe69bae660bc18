/** How a payload is shown, and which one is meant. Payloads never change, so what was once looked up is remembered. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ELSEWHERE_BYTES, type Elsewhere, readElsewhere, textOfElsewhere } from "../../../core/conditions/elsewhere.ts";
import type { Payload } from "../../../core/conditions/iov.ts";
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
  /** By hash. */
  ofAll(hashes: readonly string[]): Promise<ReadonlyMap<string, ShownPayload>>;
  /** The hash of the one that calops keeps, where the checksum or the address says it; otherwise that of a reference to it. */
  meant(type: string, named: { readonly url: string; readonly checksum: string | undefined }): Promise<string>;
};

export function payloadsOf(conditions: Conditions): Payloads {
  const known = new Map<string, ShownPayload>();
  const payloads: Payloads = {
    of: async (hash) => known.get(hash) ?? (await payloads.ofAll([hash])).get(hash) ?? shownAs(hash, null),
    async ofAll(hashes) {
      const all = new Map(hashes.map((hash) => [hash, known.get(hash)]));
      const unknown = [...all].flatMap(([hash, shown]) => (shown ? [] : [hash]));
      if (known.size + unknown.length > REMEMBERED) known.clear();
      for (const payload of unknown.length === 0 ? [] : await conditions.payloads(unknown)) {
        const shown = await show(payload);
        known.set(payload.hash, shown);
        all.set(payload.hash, shown);
      }
      return new Map([...all].map(([hash, shown]) => [hash, shown ?? shownAs(hash, null)]));
    },
    async meant(type, { url, checksum }) {
      for (const given of [checksum, url]) {
        const hash = given === undefined ? undefined : HASH.exec(given)?.[0];
        if (hash !== undefined && (await conditions.payload(hash))) return hash;
      }
      return await keepText(type, textOfElsewhere({ url, checksum: checksum ?? "" }));
    },
  };
  return payloads;

  async function show({ hash, bytes }: Payload): Promise<ShownPayload> {
    const elsewhere =
      bytes > 0 && bytes <= ELSEWHERE_BYTES
        ? readElsewhere(await readFile(await conditions.placeOf(hash), "utf8"))
        : undefined;
    return elsewhere ? { ...elsewhere, size: null } : shownAs(hash, bytes);
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

/** Its address is below `payloads/` of this interface. */
function shownAs(hash: string, size: number | null): ShownPayload {
  return { url: `${hash.slice(0, 2)}/${hash}`, checksum: `sha256:${hash}`, size };
}

/** The hash that an address below `payloads/` ends with. */
export function hashAt(address: string): string | undefined {
  return /(?:^|\/)([0-9a-f]{64})$/.exec(address)?.[1];
}

/** How a payload is shown, and which one is meant. Payloads never change, so what was once looked up is remembered. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ELSEWHERE, type Elsewhere, readElsewhere, textOfElsewhere } from "../../../core/conditions/elsewhere.ts";
import type { Conditions } from "../../../ports/conditions.ts";

export type ShownPayload = Elsewhere;

/** Some hundred bytes each. */
const REMEMBERED = 200_000;
const HASH = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/;

export type Payloads = {
  of(hash: string): Promise<ShownPayload>;
  /** By hash. */
  ofAll(hashes: readonly string[]): Promise<ReadonlyMap<string, ShownPayload>>;
  /** The hash of the one that calops keeps, where the checksum or the address says it; otherwise that of a reference to it. */
  meant(named: { readonly url: string; readonly checksum: string | undefined }): Promise<string>;
};

export function payloadsOf(conditions: Conditions): Payloads {
  const known = new Map<string, ShownPayload>();
  // Nobody else makes such payloads: where there are none, there are none until one is made here.
  let some: boolean | undefined;
  const payloads: Payloads = {
    of: async (hash) => (await payloads.ofAll([hash])).get(hash) ?? ours(hash),
    async ofAll(hashes) {
      some ??= (await conditions.types()).includes(ELSEWHERE);
      if (!some) return new Map(hashes.map((hash) => [hash, ours(hash)]));
      const unknown = [...new Set(hashes)].filter((hash) => !known.has(hash));
      if (known.size + unknown.length > REMEMBERED) known.clear();
      for (const hash of unknown) known.set(hash, ours(hash));
      for (const payload of unknown.length === 0 ? [] : await conditions.payloads(unknown))
        if (payload.type === ELSEWHERE) known.set(payload.hash, await elsewhere(payload.hash));
      return new Map(hashes.map((hash) => [hash, known.get(hash) ?? ours(hash)]));
    },
    async meant({ url, checksum }) {
      for (const given of [checksum, url]) {
        const hash = given === undefined ? undefined : HASH.exec(given)?.[0];
        if (hash !== undefined && (await conditions.payload(hash))) return hash;
      }
      some = true;
      return await keepText(textOfElsewhere({ url, checksum: checksum ?? "" }));
    },
  };
  return payloads;

  async function elsewhere(hash: string): Promise<ShownPayload> {
    return readElsewhere(await readFile(await conditions.placeOf(hash), "utf8")) ?? ours(hash);
  }

  async function keepText(text: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "calops-hsf-"));
    try {
      const file = join(directory, "payload");
      await writeFile(file, text, { mode: 0o600 });
      return (await conditions.keep(ELSEWHERE, file)).hash;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

/** Its address is below `payloads/` of this interface. */
function ours(hash: string): ShownPayload {
  return { url: `${hash.slice(0, 2)}/${hash}`, checksum: `sha256:${hash}` };
}

/** The hash that an address below `payloads/` ends with. */
export function hashAt(address: string): string | undefined {
  return /(?:^|\/)([0-9a-f]{64})$/.exec(address)?.[1];
}

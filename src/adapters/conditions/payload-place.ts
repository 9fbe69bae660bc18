/**
 * The bytes of payloads of a server that knows addresses alone. A directory that the experiment shares is read and written, an
 * address of the web is read. Files are found by the address that the server gives, and by their SHA-256 where calops put them.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, statSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Payload } from "../../core/conditions/iov.ts";
import { ConditionsUnavailable } from "../../ports/conditions.ts";
import { type ServerAddress, sent, shown } from "./ask.ts";
import type { PayloadsAt } from "./options.ts";

/** How the server calls a payload. */
export type Called = { readonly type: string; readonly url: string; readonly checksum: string };

export type PayloadPlace = {
  /** The hash by which calops knows it: its SHA-256 where the checksum says it, otherwise one of its address and checksum. */
  known(called: Called, bytes?: number): string;
  called(hash: string): Promise<Called | undefined>;
  keep(type: string, file: string): Promise<Payload>;
  payload(hash: string): Promise<Payload | undefined>;
  /** Those that were seen, or that calops put there, whose hashes begin so. */
  payloadsLike(beginning: string, limit: number): Promise<readonly Payload[]>;
  placeOf(hash: string): Promise<string>;
  /** Of payloads that were kept. */
  types(): Promise<readonly string[]>;
};

type Known = Called & { readonly bytes: number | undefined };

const REMEMBERED = 500_000;
const SHA256 = /^(?:sha256:)?([0-9a-f]{64})$/;
const OURS = "sha256";

/** @param cache a directory for files that come from the web */
export function payloadPlace(at: PayloadsAt, server: ServerAddress, cache: string): PayloadPlace {
  const known = new Map<string, Known>();
  const directory = "directory" in at ? at.directory : undefined;

  const place: PayloadPlace = {
    known(called, bytes) {
      const hash = hashOf(called);
      const before = known.get(hash);
      if (before && (before.bytes !== undefined || bytes === undefined)) return hash;
      if (known.size >= REMEMBERED) known.clear();
      known.set(hash, { ...called, bytes });
      return hash;
    },
    called: async (hash) => known.get(hash) ?? (await ours(hash)),
    async keep(type, file) {
      if (directory === undefined)
        throw new ConditionsUnavailable(
          `nothing can be kept for ${server.kind}, whose payloads are read from the web; write payloads: { directory: ... }`,
        );
      const temporary = join(directory, `.coming-${randomUUID()}`);
      try {
        await mkdir(directory, { recursive: true });
        const { hash, bytes } = await copied(createReadStream(file), temporary);
        const before = await place.payload(hash);
        if (before && existsSync(await place.placeOf(hash).catch(() => ""))) return before;
        const url = `${type}/${OURS}/${hash.slice(0, 2)}/${hash}`;
        const target = inside(directory, url);
        if (target === undefined) throw new Error(`${type} is no name of a payload type`);
        await mkdir(dirname(target), { recursive: true });
        await rename(temporary, target);
        await flushed(dirname(target));
        known.set(hash, { type, url, checksum: `sha256:${hash}`, bytes });
        return { hash, type, bytes };
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async payload(hash) {
      const called = known.get(hash) ?? (await ours(hash));
      if (!called) return undefined;
      return { hash, type: called.type, bytes: called.bytes ?? sizeAt(called.url) };
    },
    async payloadsLike(beginning, limit) {
      const hashes = new Set([...known.keys(), ...(await oursLike(beginning))]);
      const fitting = [...hashes].filter((hash) => hash.startsWith(beginning)).sort();
      const found = await Promise.all(fitting.slice(0, limit).map((hash) => place.payload(hash)));
      return found.flatMap((payload) => payload ?? []);
    },
    async placeOf(hash) {
      const called = await place.called(hash);
      const file = called && (directory === undefined ? await fetched(hash, called) : inside(directory, called.url));
      if (file === undefined || !existsSync(file)) throw new Error(`there is no payload ${hash}`);
      return file;
    },
    types: ourTypes,
  };
  return place;

  function sizeAt(url: string): number {
    const file = directory === undefined ? undefined : inside(directory, url);
    return file !== undefined && existsSync(file) ? statSync(file).size : 0;
  }

  async function ourTypes(): Promise<readonly string[]> {
    if (directory === undefined || !existsSync(directory)) return [];
    return (await readdir(directory)).filter((type) => existsSync(join(directory, type, OURS)));
  }

  /** Nobody asks with less than the two digits that name a directory. */
  async function oursLike(beginning: string): Promise<string[]> {
    const hashes: string[] = [];
    for (const type of await ourTypes()) {
      const place = directory && join(directory, type, OURS, beginning.slice(0, 2));
      if (place && /^[0-9a-f]{2,64}$/.test(beginning) && existsSync(place)) hashes.push(...(await readdir(place)));
    }
    return hashes;
  }

  /** One that calops put there, in whatever life of the bot. */
  async function ours(hash: string): Promise<Known | undefined> {
    if (directory === undefined || !SHA256.test(hash)) return undefined;
    for (const type of await ourTypes()) {
      const url = `${type}/${OURS}/${hash.slice(0, 2)}/${hash}`;
      const file = inside(directory, url);
      if (file === undefined || !existsSync(file)) continue;
      const found = { type, url, checksum: `sha256:${hash}`, bytes: statSync(file).size };
      known.set(hash, found);
      return found;
    }
    return undefined;
  }

  async function fetched(hash: string, called: Called): Promise<string | undefined> {
    const target = join(cache, hash.slice(0, 2), hash);
    if (existsSync(target)) return target;
    const address = "url" in at ? new URL(called.url, at.url.endsWith("/") ? at.url : `${at.url}/`) : undefined;
    if (address === undefined) return undefined;
    const response = await sent(server, address, {});
    if (response.status === 404) return undefined;
    if (!response.ok || !response.body)
      throw new ConditionsUnavailable(`the payload at ${shown(address)} is answered with ${response.status}`);
    const temporary = join(cache, `coming-${randomUUID()}`);
    try {
      await mkdir(dirname(target), { recursive: true });
      const found = await copied(Readable.fromWeb(response.body), temporary).catch((cause: unknown) => {
        throw new ConditionsUnavailable(`the payload at ${shown(address)} broke off`, cause);
      });
      if (SHA256.test(called.checksum) && found.hash !== hash)
        throw new ConditionsUnavailable(`the payload at ${shown(address)} has other bytes than its checksum says`);
      await rename(temporary, target);
      return target;
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

function hashOf({ url, checksum }: Called): string {
  const sha256 = SHA256.exec(checksum)?.[1];
  return (
    sha256 ??
    createHash("sha256")
      .update(JSON.stringify(["payload-elsewhere", url, checksum]))
      .digest("hex")
  );
}

/** Undefined where the address leads out of the directory. */
function inside(directory: string, url: string): string | undefined {
  const root = resolve(directory);
  const file = resolve(root, url);
  return file.startsWith(root + sep) ? file : undefined;
}

/** Read-only, and on disk when it resolves. */
async function copied(from: Readable, to: string): Promise<{ hash: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(from, counting, createWriteStream(to, { mode: 0o444, flags: "wx" }));
  await flushed(to);
  return { hash: hash.digest("hex"), bytes };
}

async function flushed(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

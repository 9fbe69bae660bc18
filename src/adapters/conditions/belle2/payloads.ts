/**
 * Payloads of a server that keeps their bytes itself and knows them by type and MD5. Here each has a hash of these two. Bytes that
 * were sent or fetched are kept in the data directory, with what the server calls them, so that they are known after a restart.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, openAsBlob, readFileSync, writeFileSync } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { Payload } from "../../../core/conditions/iov.ts";
import { ConditionsUnavailable } from "../../../ports/conditions.ts";
import { type ServerAddress, sent, shown } from "../ask.ts";
import { type PayloadInfo, readPayloadId, readPayloads } from "./parse.ts";
import type { Talk } from "./talk.ts";

const called = z.object({ type: z.string(), md5: z.string(), bytes: z.int() });

export type BellePayloads = {
  /** The hash of a payload that the server told of. */
  known(info: PayloadInfo): string;
  /** Number and revision there, as they are now. */
  there(hash: string): Promise<PayloadInfo | undefined>;
  keep(type: string, file: string): Promise<Payload>;
  payload(hash: string): Promise<Payload | undefined>;
  payloadsLike(beginning: string, limit: number): Promise<readonly Payload[]>;
  placeOf(hash: string): Promise<string>;
};

const HASH = /^[0-9a-f]{64}$/;

/** @param root a directory of the bot's own */
export function bellePayloads(talk: Talk, server: ServerAddress, root: string): BellePayloads {
  const infos = new Map<string, PayloadInfo>();
  const place = (hash: string) => join(root, hash.slice(0, 2), hash);

  const payloads: BellePayloads = {
    known(info) {
      const hash = hashOf(info.basf2Module.name, info.checksum);
      infos.set(hash, info);
      return hash;
    },
    async there(hash) {
      const info = infos.get(hash);
      const here = info ? { type: info.basf2Module.name, md5: info.checksum } : calledHere(hash);
      return here && (await look(here.type, here.md5));
    },
    async keep(type, file) {
      const md5 = await md5Of(createReadStream(file));
      const hash = hashOf(type, md5);
      const before = await look(type, md5);
      if (!before)
        await talk.ask(
          "POST",
          `package/dbstore/module/${encodeURIComponent(type)}/payload`,
          readPayloadId,
          await bodyOf(file, md5),
        );
      const { size: bytes } = await stat(file);
      await mkdir(dirname(place(hash)), { recursive: true });
      await settled(hash, (temporary) => copyFile(file, temporary), md5);
      writeFileSync(`${place(hash)}.json`, JSON.stringify({ type, md5, bytes }), { flush: true });
      return { hash, type, bytes };
    },
    async payload(hash) {
      const here = calledHere(hash);
      if (here) return { hash, type: here.type, bytes: here.bytes };
      const info = infos.get(hash);
      // The server tells no sizes.
      return info && { hash, type: info.basf2Module.name, bytes: 0 };
    },
    async payloadsLike(beginning, limit) {
      const directory = join(root, beginning.slice(0, 2));
      const here = /^[0-9a-f]{2,64}$/.test(beginning) && existsSync(directory) ? await readdir(directory) : [];
      const hashes = new Set([...infos.keys(), ...here.filter((name) => HASH.test(name))]);
      const fitting = [...hashes].filter((hash) => hash.startsWith(beginning)).sort();
      const found = await Promise.all(fitting.slice(0, limit).map((hash) => payloads.payload(hash)));
      return found.flatMap((payload) => payload ?? []);
    },
    async placeOf(hash) {
      if (HASH.test(hash) && existsSync(place(hash))) return place(hash);
      const info = infos.get(hash);
      if (!info) throw new Error(`there is no payload ${hash}`);
      await fetched(hash, info);
      return place(hash);
    },
  };
  return payloads;

  function calledHere(hash: string) {
    const file = `${place(hash)}.json`;
    if (!HASH.test(hash) || !existsSync(file)) return undefined;
    return called.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  }

  async function look(type: string, md5: string): Promise<PayloadInfo | undefined> {
    const [found] = await talk.ask("POST", "checkPayloads", readPayloads, [{ name: type, checksum: md5 }]);
    if (found) payloads.known(found);
    return found;
  }

  /** The token is for the interface, and is not sent to where bytes are. */
  async function fetched(hash: string, { baseUrl, payloadUrl, checksum }: PayloadInfo): Promise<void> {
    const base = baseUrl ? `${baseUrl.replace(/\/$/, "")}/` : "";
    const address = new URL(`${base}${payloadUrl}`, server.url);
    const response = await sent(server, address, {});
    const { body } = response;
    if (!response.ok || !body)
      throw new ConditionsUnavailable(`the payload at ${shown(address)} is answered with ${response.status}`);
    const write = (temporary: string) => pipeline(Readable.fromWeb(body), createWriteStream(temporary));
    await mkdir(dirname(place(hash)), { recursive: true });
    await settled(hash, write, checksum).catch((cause: unknown) => {
      throw new ConditionsUnavailable(
        `the payload at ${shown(address)} broke off, or has other bytes than its checksum says`,
        cause,
      );
    });
  }

  async function settled(hash: string, write: (temporary: string) => Promise<void>, md5: string): Promise<void> {
    const temporary = join(root, `coming-${randomUUID()}`);
    try {
      await write(temporary);
      if ((await md5Of(createReadStream(temporary))) !== md5)
        throw new Error(`${temporary} has another MD5 than ${md5}`);
      await rename(temporary, place(hash));
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

function hashOf(type: string, md5: string): string {
  return createHash("sha256")
    .update(JSON.stringify(["belle2", type, md5]))
    .digest("hex");
}

async function md5Of(stream: Readable): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

/** Two parts, of which the first are the bytes, as b2conditionsdb sends them. */
async function bodyOf(file: string, checksum: string): Promise<Blob> {
  const boundary = randomUUID().replaceAll("-", "");
  const part = (name: string, type: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
  const json = JSON.stringify({ checksum, isDefault: false });
  return new Blob(
    [
      part("payload", "application/x-root"),
      await openAsBlob(file),
      "\r\n",
      part("json", "application/json"),
      json,
      `\r\n--${boundary}--\r\n`,
    ],
    { type: `multipart/mixed; boundary=${boundary}` },
  );
}

/**
 * Bytes of payloads as files named by their SHA-256: a temporary file, on disk, then renamed; read-only from then on. What is
 * there under a name has the bytes that the name says, or is written anew.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** How names begin of what is being written. */
const HALF_DONE = "coming-";
const HASH = /^[0-9a-f]{64}$/;

export type KeptFile = { readonly hash: string; readonly bytes: number };

export class PayloadFiles {
  readonly #root: string;
  #swept: Promise<void> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** A copy is kept: what becomes of the file afterwards makes no difference. */
  async keep(file: string): Promise<KeptFile> {
    this.#swept ??= this.#sweep();
    await this.#swept;
    const temporary = join(this.#root, `${HALF_DONE}${randomUUID()}`);
    try {
      const found = await digest(file, temporary);
      const place = this.place(found.hash) ?? "";
      if (existsSync(place) && (await digest(place)).hash === found.hash) return found;
      await chmod(temporary, 0o444);
      await sync(temporary);
      await mkdir(dirname(place), { recursive: true });
      await rename(temporary, place);
      await sync(dirname(place));
      return found;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** What an earlier bot left behind that died while it wrote: one process writes, so it is nobody's. */
  async #sweep(): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    for (const name of await readdir(this.#root))
      if (name.startsWith(HALF_DONE)) await rm(join(this.#root, name), { force: true });
  }

  /** Where the bytes of a hash lie, or would lie; undefined where it is no hash. */
  place(hash: string): string | undefined {
    return HASH.test(hash) ? join(this.#root, hash.slice(0, 2), hash) : undefined;
  }
}

/** What is in a file; copied to a new one on the way, where one is named. */
async function digest(file: string, copy?: string): Promise<KeptFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      if (copy === undefined) done();
      else done(null, chunk);
    },
  });
  if (copy === undefined) await pipeline(createReadStream(file), counting.resume());
  else await pipeline(createReadStream(file), counting, createWriteStream(copy, { flags: "wx", mode: 0o600 }));
  return { hash: hash.digest("hex"), bytes };
}

/** On disk, whatever happens to the machine. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Bytes that go out are those that their hash names: whatever has happened to a file on the disk, nobody is to calibrate with it. */
import { createHash, hash as hashOf } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

export function checkBytes(hash: string, found: string): void {
  if (found !== hash)
    throw new Error(
      `the file of payload ${hash} has other bytes than were kept (SHA-256 ${found}); restore it from a backup, or keep the payload again`,
    );
}

export function digestOf(content: Buffer): string {
  return hashOf("sha256", content);
}

export async function digestOfFile(file: string): Promise<string> {
  const digest = createHash("sha256");
  await pipeline(createReadStream(file), digest);
  return digest.digest("hex");
}

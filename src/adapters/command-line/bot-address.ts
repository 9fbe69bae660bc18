/** Where the bot of a data directory is to be reached, as it wrote down itself. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const written = z.object({ url: z.url(), pid: z.number() });

export type BotAddress = z.output<typeof written>;

export function writeBotAddress(directory: string, address: BotAddress): void {
  // Whoever reads meanwhile finds all of it or nothing.
  writeFileSync(`${fileIn(directory)}.new`, `${JSON.stringify(address)}\n`, { mode: 0o600 });
  renameSync(`${fileIn(directory)}.new`, fileIn(directory));
}

export function removeBotAddress(directory: string): void {
  rmSync(fileIn(directory), { force: true });
}

/** Undefined when no bot runs on the directory; one that was killed leaves its address, and is found out by not answering. */
export function readBotAddress(directory: string): BotAddress | undefined {
  if (!existsSync(fileIn(directory))) return undefined;
  const read = written.safeParse(JSON.parse(readFileSync(fileIn(directory), "utf8")));
  return read.success ? read.data : undefined;
}

function fileIn(directory: string): string {
  return join(directory, "bot.json");
}

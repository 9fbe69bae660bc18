/** The files of a directory as the configuration reads them. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { ConfigFiles } from "../../core/config/read-config.ts";

/** Files of configuration larger than this are a mistake. */
export const MOST_BYTES_OF_TEXT = 1_000_000;
const CONFIGURING =
  /^(calops|people|environments|runtypes)\.yaml$|^campaigns\/[^/]+\.yaml$|^workflows\/[^/]+\/workflow\.yaml$/;

const TOO_LARGE = unreadable(`larger than ${MOST_BYTES_OF_TEXT} bytes`);

export async function readConfigFiles(directory: string): Promise<ConfigFiles> {
  const texts = new Map<string, string>();
  const programs = new Map<string, boolean>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(directory, file).split(sep).join("/");
    if (path.startsWith(".git/")) continue;
    const found = await lstat(file);
    programs.set(path, (found.mode & 0o111) !== 0);
    if (CONFIGURING.test(path))
      texts.set(path, found.size > MOST_BYTES_OF_TEXT ? TOO_LARGE : await readFile(file, "utf8"));
  }
  return { texts, programs };
}

/** A text that no YAML is, so that its reader hears of it at the place of the file. */
export function unreadable(why: string): string {
  return `# ${why}\n[`;
}

/** The files of a directory as the configuration reads them. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { ConfigFiles } from "../../core/config/read-config.ts";

/** Files of configuration larger than this are a mistake. */
export const MOST_BYTES_OF_TEXT = 1_000_000;
const CONFIGURING =
  /^(calops|people|environments|runtypes|alerts)\.yaml$|^([^/]+\/)?[^/]+\.ics$|^(campaigns|tags)\/[^/]+\.yaml$|^workflows\/[^/]+\/workflow\.yaml$/;

/** Files that are looked at while the disk brings others. */
const AT_ONCE = 64;

const TOO_LARGE = unreadable(`larger than ${MOST_BYTES_OF_TEXT} bytes`);

export async function readConfigFiles(directory: string): Promise<ConfigFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, path: relative(directory, file).split(sep).join("/") }))
    .filter(({ path }) => !path.startsWith(".git/"));
  const texts = new Map<string, string>();
  const programs = new Map<string, boolean>();
  for (let from = 0; from < files.length; from += AT_ONCE) {
    const looked = files.slice(from, from + AT_ONCE).map(async ({ file, path }) => {
      const { mode, size } = await lstat(file);
      if (!CONFIGURING.test(path)) return { path, mode };
      return { path, mode, text: size > MOST_BYTES_OF_TEXT ? TOO_LARGE : await readFile(file, "utf8") };
    });
    for (const { path, mode, text } of await Promise.all(looked)) {
      programs.set(path, (mode & 0o111) !== 0);
      if (text !== undefined) texts.set(path, text);
    }
  }
  return { texts, programs };
}

/** A text that no YAML is, so that its reader hears of it at the place of the file. */
export function unreadable(why: string): string {
  return `# ${why}\n[`;
}

/** The files of a directory as the configuration reads them. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { ConfigFiles } from "../../core/config/read-config.ts";

/** Files of configuration larger than this are a mistake. */
const MOST_BYTES = 1_000_000;
const CONFIGURING =
  /^(calops|people|environments|runtypes)\.yaml$|^campaigns\/[^/]+\.yaml$|^workflows\/[^/]+\/workflow\.yaml$/;

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
      texts.set(path, found.size > MOST_BYTES ? `# larger than ${MOST_BYTES} bytes\n[` : await readFile(file, "utf8"));
  }
  return { texts, programs };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "./world.ts";

/** The root of the package: where the template and package.json stand, from the sources as from a build. */
export const PACKAGE_ROOT = packageRoot(import.meta.dirname);

export function version(): string {
  return (JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as { version: string }).version;
}

export async function printVersion({ output }: World): Promise<number> {
  output.write(`calops ${version()}\n`);
  return 0;
}

function packageRoot(directory: string): string {
  for (let at = directory; ; at = join(at, "..")) {
    try {
      readFileSync(join(at, "package.json"));
      return at;
    } catch (error) {
      if (join(at, "..") === at) throw error;
    }
  }
}

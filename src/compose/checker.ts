import { resolve } from "node:path";
import type { Context } from "../../commands/context.ts";
import { readConfigFiles } from "../adapters/git/config-files.ts";
import { readConfig } from "../core/config/read-config.ts";
import { KINDS } from "./kinds.ts";

/** Checks a directory that somebody names, or whatever `newest` gives. */
export function checker(newest: () => Promise<{ what: string; directory: string }>): Context["check"] {
  return async (named) => {
    const { what, directory } = named === undefined ? await newest() : { what: named, directory: resolve(named) };
    const read = readConfig(await readConfigFiles(directory), KINDS);
    return { what, issues: read.issues ?? [], workflows: Object.keys(read.config?.workflows ?? {}).length };
  };
}

import { resolve } from "node:path";
import { treeAsItStands } from "../adapters/git/as-it-stands.ts";
import { readConfigFiles } from "../adapters/git/config-files.ts";
import { type Issue, inReadingOrder } from "../core/config/issue.ts";
import { readConfig } from "../core/config/read-config.ts";
import { treeMistakes } from "../core/config/tree.ts";
import { KINDS } from "./kinds.ts";

/** All for which a bot would refuse the files of a directory as they stand. */
export async function checkDirectory(
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly issues: readonly Issue[]; readonly workflows: number }> {
  const files = await readConfigFiles(resolve(directory));
  const { config, issues = [] } = readConfig(files, KINDS);
  // Any other directory may hold more than anybody wants to wait for.
  const tree = files.texts.has("calops.yaml") ? await treeAsItStands(directory, env) : [];
  return {
    issues: inReadingOrder([...treeMistakes(tree), ...issues]),
    workflows: Object.keys(config?.workflows ?? {}).length,
  };
}

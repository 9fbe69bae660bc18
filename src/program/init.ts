import { join } from "node:path";
import { initRepository } from "../adapters/command-line/init.ts";
import { type ProgramArguments, WrongUse } from "./arguments.ts";
import { PACKAGE_ROOT } from "./version.ts";
import type { World } from "./world.ts";

export const TEMPLATE = join(PACKAGE_ROOT, "config-repo-template");

export async function init({ words }: ProgramArguments, { output }: World): Promise<number> {
  const [, directory] = words;
  if (directory === undefined) throw new WrongUse("init needs a directory; write calops init DIR");
  await initRepository(TEMPLATE, directory);
  output.write(
    `${directory} is a config repository now, with one commit. Next:\n  calops validate ${directory}\n  calops start --config ${directory}\n`,
  );
  return 0;
}

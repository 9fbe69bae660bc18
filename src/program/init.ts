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
  output.write(nextSteps(directory));
  return 0;
}

function nextSteps(directory: string): string {
  return `${directory} is a config repository now: one commit on main, with the tag v1, which is what production runs. Next:
  calops validate ${directory}
  calops start --config ${directory}

To share it, make an empty repository where yours are kept, and in ${directory}:
  git remote add origin URL
  git push origin main v1
  calops start --config URL
README.md there tells of the first change.
`;
}

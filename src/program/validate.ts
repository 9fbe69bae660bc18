import { existsSync } from "node:fs";
import { join } from "node:path";
import { formatIssue } from "../core/config/issue.ts";
import { plural } from "../core/say.ts";
import type { ProgramArguments } from "./arguments.ts";
import type { World } from "./world.ts";

/** Checks files as they stand, for their author and for the CI of a config repository; no bot is needed. */
export async function validate(args: ProgramArguments, { env, output, errors }: World): Promise<number> {
  const json = args.words.includes("--json");
  const directory = args.words.find((word, index) => index > 0 && !word.startsWith("--")) ?? ".";
  if (!existsSync(directory)) throw new Error(`there is no directory ${directory}`);
  const { checkDirectory } = await import("../compose/check-directory.ts");
  const { issues, workflows } = await checkDirectory(directory, env);
  if (json)
    output.write(`${JSON.stringify({ ok: issues.length === 0, checked: directory, workflows, issues }, null, 1)}\n`);
  else if (issues.length === 0)
    output.write(`${join(directory, "calops.yaml")}: no mistakes in ${plural(workflows, "workflow")}\n`);
  for (const issue of json ? [] : issues) output.write(`${formatIssue(issue)}\n`);
  if (issues.length > 0) errors.write(`calops: ${plural(issues.length, "mistake")} in ${directory}\n`);
  return issues.length === 0 ? 0 : 1;
}

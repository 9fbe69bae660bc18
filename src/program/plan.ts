/**
 * `calops plan --from REF [--to REF]`: what going from one commit to another would change, for the CI of a config repository
 * and for whoever works in one; no bot is needed. What it would touch is known only where a bot runs: the command `plan`.
 */
import { renderBlocks } from "../adapters/chat/console/render.ts";
import { formatIssue, type Issue } from "../core/config/issue.ts";
import { readConfig } from "../core/config/read-config.ts";
import { treeMistakes } from "../core/config/tree.ts";
import { shortCommit } from "../core/environment/environment.ts";
import { type PlanSide, planOf } from "../core/plan/plan.ts";
import { planInWords } from "../core/plan/words.ts";
import { plural, say } from "../core/say.ts";
import { taskVersions } from "../core/workflow/version.ts";
import { type ProgramArguments, textOption, WrongUse } from "./arguments.ts";
import type { World } from "./world.ts";

/** A `plan` that says from where to where in the directory that one stands in; every other is for the bot. */
export function isLocalPlan({ words }: ProgramArguments): boolean {
  const { from, to, others } = rangeOf(words);
  return to !== undefined || (from !== undefined && others.length === 0);
}

export async function plan(args: ProgramArguments, { env, output, errors }: World): Promise<number> {
  const range = rangeOf(args.words);
  const [extra] = range.others;
  if (extra !== undefined) throw new WrongUse(`plan --from REF --to REF takes no ${extra}`);
  const { openLocalCommits } = await import("../adapters/git/local-commits.ts");
  const { KINDS } = await import("../compose/kinds.ts");
  const { sha256 } = await import("../compose/sha256.ts");
  const commits = await openLocalCommits(textOption(args, "config") ?? ".", env);
  const sideOf = async (commit: string): Promise<PlanSide | readonly Issue[]> => {
    const tree = await commits.tree(commit);
    const mistakes = treeMistakes(tree);
    if (mistakes.length > 0) return mistakes;
    const { config, issues } = readConfig(await commits.files(commit), KINDS);
    return config ? { commit, config, tree, versions: taskVersions(config, tree, sha256) } : issues;
  };
  try {
    const [from, to] = [await commits.resolve(range.from ?? "HEAD"), await commits.resolve(range.to ?? "HEAD")];
    const [before, after] = [await sideOf(from), await sideOf(to)];
    if (!("config" in after)) {
      for (const issue of after) errors.write(`${formatIssue(issue)}\n`);
      errors.write(`calops: ${shortCommit(to)} has ${plural(after.length, "mistake")}; it would not be deployed\n`);
      return 1;
    }
    const changes = planOf({ before: "config" in before ? before : undefined, after });
    if (args.words.includes("--json")) output.write(`${JSON.stringify({ from, to, plan: changes }, null, 1)}\n`);
    else {
      const head =
        "config" in before ? [] : [say`${shortCommit(from)} has mistakes itself, so everything counts as new.`];
      output.write(
        `${renderBlocks([...head, ...planInWords(changes)], { width: output.columns ?? 200, now: Date.now() })}\n`,
      );
    }
    return 0;
  } finally {
    await commits.close();
  }
}

/** `--from REF` and `--to REF`, also as `--from=REF`; a command of the bot may have options of these names too. */
function rangeOf([, ...words]: readonly string[]): { from?: string; to?: string; others: string[] } {
  const range: { from?: string; to?: string; others: string[] } = { others: [] };
  const queue = words.filter((word) => word !== "--json");
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const [, name, given] = /^--(from|to)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) range.others.push(word);
    else {
      const value = given ?? queue.shift();
      if (value === undefined) throw new WrongUse(`--${name} has no value; write --${name} REF`);
      range[name as "from" | "to"] = value;
    }
  }
  return range;
}

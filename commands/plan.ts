import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { formatIssue } from "../src/core/config/issue.ts";
import { shortCommit } from "../src/core/environment/environment.ts";
import { planInWords } from "../src/core/plan/words.ts";
import { code, plural, say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { ambiguousRef, unknownRef } from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

export const plan = defineCommand({
  name: "plan",
  summary: "What deploying something would change, in words: workflows, thresholds, roles, stale results.",
  allow: "anyone",
  args: {
    ref: optional(word("REF", "a tag, a branch or a commit; what the environment follows where it is left out")),
  },
  options: { from: optional(word("REF", "against this instead of what runs")) },
  examples: ["plan", "plan new-fit", "plan v1.3 --from v1.2"],
  json: "{from, to, plan}",
  async run({ ref, from }, { environments, environment }: Context) {
    if (!environments)
      return notRunning(
        "nothing is planned; in the repository itself, calops plan --from REF --to REF compares two commits",
      );
    const planned = await environments.plan(from, ref, environment);
    if (planned.ok) {
      const { from: old, to, plan: changes } = planned;
      return done(
        [
          say`From ${old ? `${shortCommit(old.id)} (${old.subject})` : "nothing"} to ${shortCommit(to.id)}, ${to.subject} by ${to.author}:`,
          ...planInWords(changes),
        ],
        { from: old?.id ?? null, to: to.id, plan: changes },
      );
    }
    switch (planned.reason) {
      case "unknown-ref":
        return unknownRef(planned.detail);
      case "ambiguous-ref":
        return ambiguousRef(planned.detail);
      case "nothing-to-deploy":
        return refused([say`There is nothing to plan: ${planned.detail}.`]);
      case "unreachable":
        return refused([
          say`The config repository does not answer; a commit that was seen before can be named: plan REF`,
        ]);
      case "mistakes":
        return refused(
          [
            say`${shortCommit(planned.commit)} cannot be deployed: it has ${plural(planned.issues.length, "mistake")}.`,
            code(planned.issues.map(formatIssue).join("\n")),
          ],
          { commit: planned.commit, issues: planned.issues },
        );
    }
  },
});

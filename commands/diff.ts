import { optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import { shortCommit } from "../src/core/environment/environment.ts";
import { planInWords } from "../src/core/plan/words.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { noSuchEnvironment } from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

export const diff = defineCommand({
  name: "diff",
  summary: "How an environment differs from another, or from what it should run.",
  allow: "anyone",
  args: {
    environment: word("ENV", "production, or mirror/BRANCH"),
    other: optional(word("ENV", "the other one; what the first should run where it is left out")),
  },
  options: {},
  examples: ["diff production", "diff production mirror/new-fit"],
  json: "{from, to, plan}",
  async run({ environment, other }, { environments }: Context): Promise<Answer> {
    if (!environments) return notRunning("environments cannot be compared");
    const [first] = await environments.describe(environment);
    if (!first) return noSuchEnvironment(environment);
    const [second] = other === undefined ? [] : await environments.describe(other);
    if (other !== undefined && !second) return noSuchEnvironment(other);
    const from = first.environment.commit;
    const to = second ? second.environment.commit : (first.environment.target?.commit ?? null);
    if (from === null) return refused([say`Nothing runs in ${environment} yet.`]);
    if (to === null)
      return refused([
        second
          ? say`Nothing runs in ${other} yet.`
          : say`It is not known what ${environment} should run: ${first.why}.`,
      ]);
    const planned = await environments.plan(from, to, environment);
    if (!planned.ok)
      return refused([
        say`${shortCommit(to)} cannot be compared with ${shortCommit(from)}: ${planned.reason === "mistakes" ? `it has mistakes, which are told by: plan ${shortCommit(to)}` : "the config repository has one of them no more"}.`,
      ]);
    return done(
      [
        say`${environment} runs ${shortCommit(from)}; ${other ?? "it should run"} ${shortCommit(to)}${planned.to.subject === "" ? "" : ` (${planned.to.subject})`}. Going there would mean:`,
        ...planInWords(planned.plan),
      ],
      { from, to, plan: planned.plan },
    );
  },
});

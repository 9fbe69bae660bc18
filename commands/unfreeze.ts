import { word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { noSuchEnvironment } from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

export const unfreeze = defineCommand({
  name: "unfreeze",
  summary: "End a freeze. What waited for that is deployed then.",
  allow: "expert",
  args: { environment: word("ENV", "production, or mirror/BRANCH") },
  options: {},
  examples: ["unfreeze production"],
  json: "{environment, was}",
  async run({ environment }, { environments, actor }: Context) {
    if (!environments) return notRunning();
    const thawed = await environments.unfreeze(environment, actor.id);
    if (thawed.ok) return done([say`The freeze of ${environment} is over.`], { environment, was: thawed.was });
    return thawed.reason === "unknown-environment"
      ? noSuchEnvironment(environment)
      : refused([
          say`Nobody froze ${environment}. A window that stands in environments.yaml ends there; a single deployment goes through it with: deploy ${environment} REF --through-freeze`,
        ]);
  },
});

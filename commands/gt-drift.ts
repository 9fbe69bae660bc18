import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { driftInWords } from "../src/core/conditions/drift.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

export const gtDrift = defineCommand({
  name: "gt drift",
  summary: "Where global tags are not as git declares them, and how that is put right.",
  allow: "anyone",
  args: {},
  options: {},
  examples: ["gt drift"],
  json: "[{tag, what, git, store, instead}]",
  async run(_given, { environments, environment }: Context) {
    if (!environments) return notRunning("it is not known what differs");
    const [facts] = await environments.describe(environment);
    const drift = facts?.tagDrift ?? null;
    if (drift === null) return refused([say`The conditions do not answer, so it is not known what differs.`]);
    return done(
      drift.length === 0 ? [say`All global tags of ${environment} are as git declares them.`] : driftInWords(drift),
      drift,
    );
  },
});

import { word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { noSuchWorkflow, notRunning } from "./refusals.ts";

export const resume = defineCommand({
  name: "resume",
  summary: "Let a paused workflow go on.",
  allow: "shifter",
  args: { workflow: word("WORKFLOW", "the name of a workflow") },
  options: {},
  examples: ["resume t0"],
  json: "{workflow, paused}",
  async run({ workflow }, { operations, actor, config, environment }: Context) {
    if (!operations) return notRunning();
    const resumed = await operations.resume(environment, workflow, actor.id);
    if (resumed.ok) return done([say`Workflow ${workflow} goes on.`], { workflow, paused: false });
    if (resumed.reason === "not-paused")
      return refused([say`Workflow ${workflow} is not paused. What its tasks wait for: tasks --workflow ${workflow}`]);
    return noSuchWorkflow(workflow, config);
  },
});

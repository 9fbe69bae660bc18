import { text, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { noSuchWorkflow, notRunning } from "./refusals.ts";

export const pause = defineCommand({
  name: "pause",
  summary: "Start nothing more of a workflow until it is resumed. Jobs that run go on.",
  allow: "shifter",
  args: { workflow: word("WORKFLOW", "the name of a workflow"), reason: text("REASON", "why, for whoever asks") },
  options: {},
  examples: ["pause t0 the conditions server is down"],
  json: "{workflow, paused}",
  async run({ workflow, reason }, { operations, actor, config, environment }: Context) {
    if (!operations) return notRunning();
    const paused = await operations.pause(environment, workflow, reason, actor.id);
    if (paused.ok)
      return done([say`Workflow ${workflow} is paused: ${reason}. It goes on with: resume ${workflow}`], {
        workflow,
        paused: true,
      });
    if (paused.reason === "already-paused")
      return refused([
        say`Workflow ${workflow} is paused already, by ${paused.detail}. It goes on with: resume ${workflow}`,
      ]);
    return noSuchWorkflow(workflow, config);
  },
});

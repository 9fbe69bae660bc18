import { count, optional, word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { moment, right, say, table } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { isUnknownWorkflow, noSuchWorkflow } from "./refusals.ts";
import { tasksJson } from "./task-answers.ts";

export const stale = defineCommand({
  name: "stale",
  summary: "Results that were made from values which have changed since, and what changed.",
  allow: "anyone",
  args: {},
  options: {
    workflow: optional(word("WORKFLOW", "of one workflow")),
    limit: optional(count("at most so many; 50 where nothing is said")),
  },
  examples: ["stale", "stale --workflow luminosity"],
  json: "the list of tasks, each with stale: {since, why}",
  async run({ workflow, limit = 50 }, context: Context) {
    const found = await context.queries.taskPage({
      limit: limit + 1,
      stale: true,
      environment: context.environment,
      ...(workflow === undefined ? {} : { workflow }),
    });
    if (found.length === 0 && isUnknownWorkflow(workflow, context.config))
      return noSuchWorkflow(workflow, context.config);
    const page = found.slice(0, limit);
    const data = await tasksJson(page, context);
    if (page.length === 0) return done([say`Nothing is stale: every result was made from what is known now.`], data);
    return done(
      [
        table(
          [right("id"), "task", "group", "state", "since", "why"],
          page.map((task) => [
            task.id,
            `${task.workflow}/${task.name}`,
            task.groupKey,
            task.state,
            moment(task.stale?.since),
            task.stale?.why,
          ]),
        ),
        say`reprocess --stale${workflow === undefined ? "" : ` --workflow ${workflow}`} makes just these anew; with --dry-run it only tells what that would be.${found.length > limit ? " There are more: --limit N shows them." : ""}`,
      ],
      data,
    );
  },
});

import { tasks as tasksArg } from "../src/core/command/args.ts";
import { defineCommand } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import type { Context } from "./context.ts";
import { forEachTask } from "./for-each-task.ts";
import { noTask } from "./refusals.ts";

export const publish = defineCommand({
  name: "publish",
  summary: "Publish the constants of a task that could not be published, now that what was in the way is gone.",
  allow: "shifter",
  args: { tasks: tasksArg() },
  options: {},
  examples: ["publish 1089", "publish t0/calibrate@8215"],
  json: "[{task, ok, reason, tag}]",
  run: ({ tasks }, context: Context) =>
    forEachTask(tasks, context, async (task, operations) => {
      const asked = await operations.publishAgain(task.id, context.actor.id);
      const name = taskInWords(task);
      if (asked.ok)
        return {
          ok: true,
          say: say`The constants of ${name} are published in ${asked.tag} as soon as it is their turn.`,
          data: { tag: asked.tag },
        };
      switch (asked.reason) {
        case "unknown-task":
          return { ok: false, reason: asked.reason, say: noTask(task) };
        case "not-refused":
          return {
            ok: false,
            reason: asked.reason,
            say: say`Task ${task.id}, ${name}, has no constants that could not be published: ${asked.detail ?? "it published none"}. What was published: history task ${task.id}`,
          };
      }
    }),
});

import { tasks as tasksArg } from "../src/core/command/args.ts";
import { defineCommand } from "../src/core/command/command.ts";
import { plural, say } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import type { Context } from "./context.ts";
import { forEachTask } from "./for-each-task.ts";

export const retry = defineCommand({
  name: "retry",
  summary:
    "Run the failed jobs of a failed task again, on the configuration that is deployed now; what is done stays done.",
  allow: "shifter",
  args: { tasks: tasksArg() },
  options: {},
  examples: ["retry 1089", "retry t0/calibrate@8215 t0/calibrate@8216"],
  json: "[{task, ok, reason, jobs}]",
  run: ({ tasks }, context: Context) =>
    forEachTask(tasks, context, async (task, operations) => {
      const retried = await operations.retry(task.id, context.actor.id);
      if (retried.ok)
        return {
          ok: true,
          say: say`Task ${task.id}, ${taskInWords(task)}: ${plural(retried.jobs, "job")} run again.`,
          data: { jobs: retried.jobs },
        };
      switch (retried.reason) {
        case "unknown-task":
          return { ok: false, say: say`There is no task ${task.id}.` };
        case "not-failed":
          return {
            ok: false,
            say: say`Task ${task.id}, ${taskInWords(task)}, has not failed: it is ${task.state}.${task.state === "done" ? ` To make it anew: reprocess ${task.id}` : ` What it waits for: why ${task.id}`}`,
          };
        case "no-failed-jobs":
          return {
            ok: false,
            say: say`No job of task ${task.id} failed: ${retried.detail ?? "it failed as a whole"}. To make all of it anew: reprocess ${task.id}`,
          };
        case "not-in-configuration":
          return {
            ok: false,
            say: say`The configuration has no task ${task.workflow}/${task.name} any more. Bring it back, or: skip ${task.id} REASON`,
          };
      }
    }),
});

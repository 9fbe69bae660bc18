import { tasks as tasksArg } from "../src/core/command/args.ts";
import { defineCommand } from "../src/core/command/command.ts";
import { type Block, plural, say } from "../src/core/say.ts";
import { type Task, taskInWords } from "../src/core/task/task.ts";
import type { Refusal } from "../src/ports/operations.ts";
import type { Context } from "./context.ts";
import { forEachTask } from "./for-each-task.ts";
import { noTask } from "./refusals.ts";
import { canBeReprocessed } from "./task-answers.ts";

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
          say: say`Task ${task.id}, ${taskInWords(task)}: ${plural(retried.jobs, "job")} ${retried.jobs === 1 ? "runs" : "run"} again.`,
          data: { jobs: retried.jobs },
        };
      return { ok: false, reason: retried.reason, say: whyNot(task, retried) };
    }),
});

type WhyNot = Refusal<"unknown-task" | "not-failed" | "no-failed-jobs" | "not-in-configuration">;

function whyNot(task: Task, { reason, detail }: WhyNot): Block {
  switch (reason) {
    case "unknown-task":
      return noTask(task);
    case "not-failed":
      return say`Task ${task.id}, ${taskInWords(task)}, has not failed: it is ${task.state}.${canBeReprocessed(task) ? ` To make it anew: reprocess ${task.id}` : ` What it waits for: why ${task.id}`}`;
    case "no-failed-jobs":
      return say`No job of task ${task.id} failed: ${detail ?? "it failed as a whole"}. To make all of it anew: reprocess ${task.id}`;
    case "not-in-configuration":
      return say`The configuration has no task ${task.workflow}/${task.name} any more. Bring it back, or: skip ${task.id} REASON`;
  }
}

import { task as taskArg, text } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import type { Context } from "./context.ts";
import { noSuchTask, notRunning } from "./refusals.ts";
import { findTask } from "./task-answers.ts";

export const skip = defineCommand({
  name: "skip",
  summary: "Go on without a task: its jobs are ended, and what needs it need not wait for it any more.",
  allow: "shifter",
  args: { task: taskArg(), reason: text("REASON", "why, for the history") },
  options: {},
  examples: ["skip 1089 the chamber was off"],
  json: "{task, state}",
  async run({ task: ref, reason }, context: Context) {
    const { operations, actor } = context;
    if (!operations) return notRunning();
    const found = await findTask(ref, context);
    if (!found) return noSuchTask(ref);
    const skipped = await operations.skip(found.id, reason, actor.id);
    if (skipped.ok)
      return done(
        [say`Task ${found.id}, ${taskInWords(found)}, is skipped: ${reason}. To take that back: reprocess ${found.id}`],
        { task: found.id, state: "skipped" },
      );
    switch (skipped.reason) {
      case "unknown-task":
        return noSuchTask(ref);
      case "already-finished":
        return refused([
          say`Task ${found.id}, ${taskInWords(found)}, is ${skipped.detail ?? "finished"} already; there is nothing to go on without. ${skipped.detail === "merged" ? `What became of it: why ${found.id}` : `To make it anew: reprocess ${found.id}`}`,
        ]);
    }
  },
});

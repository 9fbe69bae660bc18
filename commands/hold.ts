import { text, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import type { Context } from "./context.ts";
import { noSuchRun, noSuchTask, notRunning } from "./refusals.ts";
import { targetOf } from "./target.ts";
import { findTask } from "./task-answers.ts";

export const hold = defineCommand({
  name: "hold",
  summary: "Keep a task, or everything on a run, from starting until it is released. What runs goes on.",
  allow: "shifter",
  args: {
    target: word("TASK|run:RUN", "a task, or run:8215 for all tasks of a run"),
    reason: text("REASON", "why, for whoever asks"),
  },
  options: {},
  examples: ["hold 1089 the trigger expert looks at it", "hold run:8215 beam was unstable"],
  json: "{task | run, held}",
  async run({ target, reason }, context: Context) {
    const { operations, actor } = context;
    if (!operations) return notRunning();
    const what = targetOf(target);
    if ("problem" in what) return refused([say`${what.problem}; ${what.instead}.`]);
    if ("run" in what) {
      const held = await operations.holdRun(what.run, reason, actor.id);
      if (held.ok)
        return done(
          [say`Run ${what.run} is held: ${reason}. Nothing new starts on it until: release run:${what.run}`],
          { run: what.run, held: true },
        );
      if (held.reason === "unknown-run") return noSuchRun(what.run);
      return refused([
        say`Run ${what.run} is held already, by ${held.detail}. It goes on with: release run:${what.run}`,
      ]);
    }
    const found = await findTask(what.task, context);
    if (!found) return noSuchTask(what.task);
    const held = await operations.holdTask(found.id, reason, actor.id);
    if (held.ok)
      return done(
        [say`Task ${found.id}, ${taskInWords(found)}, is held: ${reason}. It goes on with: release ${found.id}`],
        { task: found.id, held: true },
      );
    switch (held.reason) {
      case "unknown-task":
        return noSuchTask(what.task);
      case "already-finished":
        return refused([
          say`Task ${found.id}, ${taskInWords(found)}, has ended already: it is ${found.state}. What comes after it can be held: tasks --group ${found.groupKey} lists that.`,
        ]);
      case "already-held":
        return refused([
          say`Task ${found.id}, ${taskInWords(found)}, is held already, by ${held.detail}. It goes on with: release ${found.id}`,
        ]);
    }
  },
});

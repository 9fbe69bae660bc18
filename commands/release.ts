import { word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import type { Context } from "./context.ts";
import { targetOf } from "./target.ts";
import { findTask, noSuchTask, notRunning } from "./task-answers.ts";

export const release = defineCommand({
  name: "release",
  summary: "Let a held task or run go on; for a run with contradictory records: what it says now is taken as right.",
  allow: "shifter",
  args: { target: word("TASK|run:RUN", "a task, or run:8215") },
  options: {},
  examples: ["release 1089", "release run:8215"],
  json: "{task | run, held}",
  async run({ target }, context: Context) {
    const { operations, actor } = context;
    if (!operations) return notRunning();
    const what = targetOf(target);
    if ("problem" in what) return refused([say`${what.problem}; ${what.instead}.`]);
    if ("run" in what) {
      const released = await operations.releaseRun(what.run, actor.id);
      if (released.ok) {
        const conflict =
          released.conflict === null ? "" : ` What its records say now is taken as right (${released.conflict}).`;
        return done([say`Run ${what.run} is released.${conflict}`], { run: what.run, held: false });
      }
      return refused([
        released.reason === "unknown-run"
          ? say`Run ${what.run} is not known. The command runs lists those that are.`
          : say`Run ${what.run} is not held, and its records do not contradict each other.`,
      ]);
    }
    const found = await findTask(what.task, context);
    if (!found) return noSuchTask(what.task);
    const released = await operations.releaseTask(found.id, actor.id);
    if (released.ok)
      return done([say`Task ${found.id}, ${taskInWords(found)}, is released.`], { task: found.id, held: false });
    return released.reason === "unknown-task"
      ? noSuchTask(what.task)
      : refused([say`Task ${found.id}, ${taskInWords(found)}, is not held. What it waits for: why ${found.id}`]);
  },
});

import { word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import type { Context } from "./context.ts";
import { noSuchRun, noSuchTask, notRunning } from "./refusals.ts";
import { targetOf } from "./target.ts";
import { findTask } from "./task-answers.ts";

export const release = defineCommand({
  name: "release",
  summary: "Let a held task or run go on. Of contradictory records of a run, the first is then taken as right.",
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
        const taken = released.conflict === null ? "" : ` Taken as right: ${await whatStands(what.run, context)}.`;
        return done([say`Run ${what.run} is released.${taken}`], { run: what.run, held: false });
      }
      if (released.reason === "unknown-run") return noSuchRun(what.run);
      return refused([
        say`Run ${what.run} is not held, and its records do not contradict each other. What its tasks wait for: tasks --run ${what.run}`,
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

/** The attributes in which its records must agree, as calops goes on with them. */
async function whatStands(number: number, { queries, config }: Context): Promise<string> {
  const [run] = await queries.runs([number]);
  const names = (config?.runRules.constant ?? []).filter((name) => run?.attributes[name] !== undefined);
  return names.map((name) => `${name} is ${JSON.stringify(run?.attributes[name])}`).join(", ");
}

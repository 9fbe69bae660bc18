import { flag, number, optional, type TaskRef, tasks as tasksArg, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import { fields, list, plural, say } from "../src/core/say.ts";
import { runsInWords } from "../src/core/task/locks.ts";
import { isFinished, type Task, taskInWords } from "../src/core/task/task.ts";
import type { Consequences } from "../src/ports/operations.ts";
import type { TaskFilter } from "../src/ports/queries.ts";
import type { Context } from "./context.ts";
import { findTask, noSuchTask, notRunning } from "./task-answers.ts";

/** More than this at once is surely not meant, or is a campaign. */
const MOST = 5_000;

export const reprocess = defineCommand({
  name: "reprocess",
  summary:
    "Make finished tasks anew: the next attempt, on the configuration that is deployed now. The earlier attempt is kept.",
  allow: "expert",
  args: { tasks: optional(tasksArg()) },
  options: {
    run: optional(number("RUN", "all finished tasks of a run")),
    workflow: optional(word("WORKFLOW", "all finished tasks of a workflow; with --task, those of one name")),
    task: optional(word("NAME", "with --workflow or --run: only tasks of this name")),
    stale: flag("all that are stale; with --workflow, those of one"),
    downstream: flag("and everything that was made from them"),
    why: optional(word("REASON", "for the history; put it in quotes")),
    "dry-run": flag("only tell what would be done"),
  },
  examples: [
    "reprocess 1089 --dry-run",
    "reprocess --stale --workflow luminosity",
    'reprocess --run 8215 --downstream --why "new alignment"',
  ],
  json: "{dryRun, tasks: [{id, workflow, task, group, attempt}], runs, jobs, downstream: [{id, workflow, task, group}], refused: [{task, reason}]}",
  async run(given, context: Context): Promise<Answer> {
    const { operations } = context;
    if (!operations) return notRunning();
    const chosen = await choose(given, context);
    if ("refusal" in chosen) return chosen.refusal;
    const finished = chosen.tasks.filter((task) => isFinished(task) && task.state !== "merged");
    if (finished.length === 0)
      return refused([
        say`Nothing to reprocess: ${chosen.tasks.length === 0 ? "no task fits" : `${plural(chosen.tasks.length, "task")} fit, but none has ended`}. The command tasks lists them, stale those that are stale.`,
      ]);
    if (finished.length > MOST)
      return refused([
        say`${finished.length} tasks are more than the ${MOST} that can be reprocessed at once. Narrow it down, or use a reprocessing campaign: campaigns lists them, inject fills one.`,
      ]);

    const consequences = await operations.consequences(finished.map((task) => task.id));
    const all = given.downstream
      ? [...finished, ...consequences.downstream.filter((task) => isFinished(task))]
      : finished;
    if (given["dry-run"])
      return done(planInWords(consequences, given.downstream === true), {
        dryRun: true,
        ...planData(consequences),
        refused: [],
      });

    const why = given.why ?? reasonFor(given);
    const result = await operations.reprocess(
      all.map((task) => task.id),
      why,
      context.actor.id,
    );
    const left = given.downstream ? [] : consequences.downstream;
    return {
      ok: result.tasks.length > 0,
      say: [
        say`${plural(result.tasks.length, "task")} start anew: ${named(result.tasks)}.`,
        ...(left.length === 0
          ? []
          : [
              say`${plural(left.length, "result")} made from them ${left.length === 1 ? "is" : "are"} stale now: ${named(left)}. To make those anew too: reprocess --stale`,
            ]),
        ...(result.refused.length === 0 ? [] : [list(result.refused.map((one) => `task ${one.task}: ${one.reason}`))]),
      ],
      data: { dryRun: false, ...planData({ ...consequences, tasks: result.tasks }), refused: result.refused },
    };
  },
});

type Given = {
  readonly tasks?: readonly TaskRef[] | undefined;
  readonly run?: number | undefined;
  readonly workflow?: string | undefined;
  readonly task?: string | undefined;
  readonly stale?: boolean;
};

async function choose(given: Given, context: Context): Promise<{ tasks: Task[] } | { refusal: Answer }> {
  if (given.tasks) {
    const tasks: Task[] = [];
    for (const ref of given.tasks) {
      const task = await findTask(ref, context);
      if (!task) return { refusal: noSuchTask(ref) };
      tasks.push(task);
    }
    return { tasks };
  }
  if (given.run === undefined && given.workflow === undefined && !given.stale) {
    return {
      refusal: refused([
        say`Which tasks? Name them, or write --run RUN, --workflow WORKFLOW or --stale. --dry-run only tells what would be done.`,
      ]),
    };
  }
  const filter: TaskFilter = {
    limit: MOST + 1,
    environment: context.environment,
    ...(given.run === undefined ? {} : { run: given.run }),
    ...(given.workflow === undefined ? {} : { workflow: given.workflow }),
    ...(given.task === undefined ? {} : { task: given.task }),
    ...(given.stale ? { stale: true } : {}),
  };
  return { tasks: await context.queries.taskPage(filter) };
}

function reasonFor(given: Given): string {
  return given.stale ? "stale" : "asked for";
}

function planInWords(plan: Consequences, downstream: boolean) {
  return [
    say`Nothing was done. It would start anew:`,
    fields({
      tasks: `${plan.tasks.length}: ${named(plan.tasks)}`,
      runs: plan.runs.length === 0 ? "none" : `${plan.runs.length}: ${runsInWords(plan.runs)}`,
      jobs: `${plan.jobs}, as many as the last time`,
      [downstream ? "made from them, and made anew too" : "made from them, and stale afterwards"]:
        plan.downstream.length === 0 ? "nothing" : `${plan.downstream.length}: ${named(plan.downstream)}`,
    }),
  ];
}

function planData(plan: Consequences) {
  const brief = (task: Task) => ({
    id: task.id,
    workflow: task.workflow,
    task: task.name,
    group: task.groupKey,
    attempt: task.attempt,
  });
  return { tasks: plan.tasks.map(brief), runs: plan.runs, jobs: plan.jobs, downstream: plan.downstream.map(brief) };
}

function named(tasks: readonly Task[]): string {
  const shown = tasks
    .slice(0, 5)
    .map((task) => `${task.id} (${taskInWords(task)})`)
    .join(", ");
  return tasks.length <= 5 ? shown : `${shown} and ${tasks.length - 5} more`;
}

import { flag, number, optional, type TaskRef, tasks as tasksArg, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import { type Block, fields, list, plural, say } from "../src/core/say.ts";
import { runsInWords } from "../src/core/task/locks.ts";
import { type Task, taskInWords } from "../src/core/task/task.ts";
import type { Consequences, NotReprocessed } from "../src/ports/operations.ts";
import type { TaskFilter } from "../src/ports/queries.ts";
import type { Context } from "./context.ts";
import { isUnknownWorkflow, noSuchTask, noSuchWorkflow, notRunning } from "./refusals.ts";
import { canBeReprocessed, findTask } from "./task-answers.ts";

/** More than this at once is surely not meant, or is a campaign. */
const MOST = 5_000;

/** So many results, with those that would be stale by it, are made anew without asking. */
const FEW = 3;

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
  json: "{dryRun, tasks: [{id, workflow, task, group, attempt}], runs, jobs, downstream: [{id, workflow, task, group, attempt}], refused: [{task, reason}]}",
  async preview(given, context: Context) {
    const { operations } = context;
    if (!operations || given["dry-run"]) return undefined;
    const chosen = await choose(given, context);
    if ("refusal" in chosen) return undefined;
    const able = chosen.tasks.filter(canBeReprocessed);
    if (able.length === 0 || able.length > MOST) return undefined;
    const consequences = await operations.consequences(able.map((task) => task.id));
    const touched = [...consequences.tasks, ...consequences.downstream];
    if (touched.length <= FEW) return undefined;
    return {
      say: planInWords(consequences, given.downstream === true),
      basis: touched.map((task) => `${task.id}.${task.attempt}.${task.state}`).join(" "),
    };
  },
  async run(given, context: Context): Promise<Answer> {
    const { operations } = context;
    if (!operations) return notRunning();
    const chosen = await choose(given, context);
    if ("refusal" in chosen) return chosen.refusal;
    const able = chosen.tasks.filter(canBeReprocessed);
    const unable = chosen.tasks.filter((task) => !canBeReprocessed(task));
    // Whoever names a task wants to hear of it; of what a filter finds, those that have ended are meant.
    const left = given.tasks ? unable.map(refusalOf) : [];
    if (able.length === 0) return refused(left.length > 0 ? nothing(left) : [noneFits(unable.length)]);
    if (able.length > MOST)
      return refused([
        say`${able.length} tasks are more than the ${MOST} that can be reprocessed at once. Narrow it down, or use a reprocessing campaign: campaigns lists them, inject fills one.`,
      ]);

    const consequences = await operations.consequences(able.map((task) => task.id));
    if (given["dry-run"])
      return done([...planInWords(consequences, given.downstream === true), ...leftInWords(left)], {
        dryRun: true,
        ...planData(consequences),
        refused: left,
      });

    const all = given.downstream ? [...able, ...consequences.downstream.filter(canBeReprocessed)] : able;
    const result = await operations.reprocess(
      all.map((task) => task.id),
      given.why ?? (given.stale ? "stale" : "asked for"),
      context.actor.id,
    );
    const notDone = [...left, ...result.refused];
    const data = { dryRun: false, ...planData({ ...consequences, tasks: result.tasks }), refused: notDone };
    if (result.tasks.length === 0) return refused(nothing(notDone), data);
    const stale = given.downstream ? [] : consequences.downstream;
    const told = [
      say`${plural(result.tasks.length, "task")} ${result.tasks.length === 1 ? "starts" : "start"} anew: ${named(result.tasks)}.`,
      ...(stale.length === 0
        ? []
        : [
            say`${plural(stale.length, "result")} made from them ${stale.length === 1 ? "is" : "are"} stale now: ${named(stale)}. To make those anew too: reprocess --stale`,
          ]),
      ...leftInWords(notDone),
    ];
    return { ok: notDone.length === 0, say: told, data };
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
      if (!tasks.some((one) => one.id === task.id)) tasks.push(task);
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
  const tasks = await context.queries.taskPage(filter);
  if (tasks.length === 0 && isUnknownWorkflow(given.workflow, context.config))
    return { refusal: noSuchWorkflow(given.workflow, context.config) };
  return { tasks };
}

function refusalOf(task: Task): NotReprocessed {
  return { task: task.id, reason: task.state === "merged" ? "merged" : "not-finished" };
}

function noneFits(found: number): Block {
  const why =
    found === 0
      ? "no task fits"
      : found === 1
        ? "1 task fits, but it has not ended"
        : `${found} tasks fit, but none has ended`;
  return say`Nothing to reprocess: ${why}. The command tasks lists them, stale those that are stale.`;
}

function nothing(left: readonly NotReprocessed[]): Block[] {
  return [say`Nothing is reprocessed.`, ...leftInWords(left)];
}

function leftInWords(left: readonly NotReprocessed[]): Block[] {
  const words = ({ task, reason }: NotReprocessed): string => {
    switch (reason) {
      case "unknown-task":
        return `there is no task ${task}`;
      case "not-finished":
        return `task ${task} has not ended; it can be reprocessed once it has (why ${task} tells what it waits for)`;
      case "merged":
        return `the runs of task ${task} went into a larger group (why ${task} tells which)`;
    }
  };
  return left.length === 0 ? [] : [list(left.map(words))];
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

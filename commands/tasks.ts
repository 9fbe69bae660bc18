import { count, flag, number, optional, someOf, word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { TASK_STATES } from "../src/core/task/task.ts";
import type { Context } from "./context.ts";
import { isUnknownWorkflow, noSuchWorkflow } from "./refusals.ts";
import { tasksJson, taskTable } from "./task-answers.ts";

const SHOWN = 30;
const LISTED = 1_000;

export const tasks = defineCommand({
  name: "tasks",
  summary: "The task lister: tasks, newest first, with their jobs.",
  allow: "anyone",
  args: {},
  options: {
    run: optional(number("RUN", "tasks that have this run in their group")),
    workflow: optional(word("WORKFLOW", "tasks of one workflow")),
    task: optional(word("NAME", "tasks of one name")),
    group: optional(word("GROUP", "tasks of one group, for example fill-7234")),
    state: optional(someOf("STATE", TASK_STATES, `in these states: ${TASK_STATES.join(", ")}; several with commas`)),
    campaign: optional(word("CAMPAIGN", "tasks of one campaign")),
    commit: optional(word("COMMIT", "tasks that run on, or were made by, a commit, by its first digits")),
    stale: flag("only those that were made from values that have changed since"),
    before: optional(number("ID", "older than this task: the next page")),
    limit: optional(count(`at most so many; ${SHOWN} where nothing is said, ${LISTED} with --json`)),
  },
  examples: ["tasks --run 8215", "tasks --state failed,held --workflow t0"],
  json: "[{id, environment, campaign, workflow, task, group, runs, state, reason, attempt, iteration, commit, stale: {since, why}, jobs: {total, done, running, queued, idle, failedAttempts, failed, aborted}, createdAt, modifiedAt, startedAt, endedAt}]",
  async run(given, context: Context) {
    const { run, workflow, task, group, state, campaign, commit, stale, before } = given;
    const limit = given.limit ?? (context.json ? LISTED : SHOWN);
    const found = await context.queries.taskPage({
      limit: limit + 1,
      environment: context.environment,
      ...(run === undefined ? {} : { run }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(task === undefined ? {} : { task }),
      ...(group === undefined ? {} : { group }),
      ...(state === undefined ? {} : { states: state }),
      ...(campaign === undefined ? {} : { campaign }),
      ...(commit === undefined ? {} : { commit }),
      ...(before === undefined ? {} : { before }),
      ...(stale ? { stale: true } : {}),
    });
    if (found.length === 0 && isUnknownWorkflow(workflow, context.config))
      return noSuchWorkflow(workflow, context.config);
    const page = found.slice(0, limit);
    const blocks = [
      page.length === 0
        ? say`There is no such task. Tasks come with runs: runs shows those, and run RUN why a run has none.`
        : taskTable(page),
      ...(found.length > limit
        ? [say`There are more: tasks --before ${page.at(-1)?.id} goes on, --limit N shows more at once.`]
        : []),
    ];
    return done(blocks, await tasksJson(page, context));
  },
});

import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import type { Grouping } from "../src/core/group/grouping.ts";
import { fields, say, table } from "../src/core/say.ts";
import { formatDuration } from "../src/core/time.ts";
import { lockInWords } from "../src/core/workflow/lock-words.ts";
import { needName, type TaskDefinition, type Workflow } from "../src/core/workflow/workflow.ts";
import type { Context } from "./context.ts";
import { noSuchWorkflow } from "./refusals.ts";

export const workflows = defineCommand({
  name: "workflows",
  summary: "The workflows of the configuration: what they take, in what order they work, whose they are.",
  allow: "anyone",
  args: { workflow: optional(word("WORKFLOW", "one of them, in full")) },
  options: {},
  examples: ["workflows", "workflows t0"],
  json: "[{workflow, description, owner, channel, group, select, priority, tasks: [{task, needs, executor, retries, walltime}], runTypes}]",
  async run({ workflow: wanted }, { config }: Context) {
    if (!config)
      return refused([
        say`The configuration cannot be read, since the bot is not running. calops validate DIR checks one.`,
      ]);
    const all = Object.values(config.workflows);
    const runTypes = (name: string) =>
      Object.entries(config.runTypes ?? {})
        .filter(([, type]) => type.workflows.includes(name))
        .map(([type]) => type);
    const shown = wanted === undefined ? all : all.filter((workflow) => workflow.name === wanted);
    if (wanted !== undefined && shown.length === 0) return noSuchWorkflow(wanted, config);
    const data = shown.map((workflow) => ({
      workflow: workflow.name,
      description: workflow.description,
      owner: workflow.owner,
      channel: workflow.channel,
      group: groupingInWords(workflow.grouping),
      select: workflow.select?.text ?? null,
      priority: workflow.priority,
      tasks: workflow.tasks.map((task) => ({
        task: task.name,
        needs: task.needs.map((need) => needName(need, workflow.name)),
        executor: task.executor,
        retries: task.retries,
        walltime: formatDuration(task.walltimeMs),
      })),
      runTypes: runTypes(workflow.name),
    }));
    const [only] = shown;
    if (wanted !== undefined && only)
      return done(inFull(only, runTypes(only.name), config.runTypes === undefined), data);
    const rows = all.map((workflow) => [
      workflow.name,
      groupingInWords(workflow.grouping),
      workflow.tasks.map((task) => task.name).join(", "),
      workflow.owner,
      config.runTypes && runTypes(workflow.name).length === 0 && workflow.grouping.by !== "tick"
        ? "no run type activates it"
        : workflow.description,
    ]);
    return done(
      [table(["workflow", "by", "tasks", "owner", ""], rows), say`workflows WORKFLOW shows one in full.`],
      data,
    );
  },
});

function inFull(workflow: Workflow, runTypes: readonly string[], anyType: boolean) {
  return [
    say`${workflow.name}: ${workflow.description}`,
    fields({
      takes:
        workflow.grouping.by === "tick"
          ? "no runs"
          : `${anyType ? "runs of any type" : runTypes.length === 0 ? "nothing: no run type activates it" : `runs of type ${runTypes.join(", ")}`}${workflow.select ? ` where ${workflow.select.text}` : ""}`,
      by: groupingInWords(workflow.grouping),
      owner: workflow.owner,
      channel: workflow.channel,
      limits:
        workflow.limits.tasks === undefined && workflow.limits.jobs === undefined
          ? undefined
          : `${workflow.limits.tasks ?? "any number of"} tasks and ${workflow.limits.jobs ?? "any number of"} jobs at once`,
      "pauses itself": workflow.pauseAfter
        ? `when ${workflow.pauseAfter.failures} of its last ${workflow.pauseAfter.of} jobs failed for good`
        : "never",
    }),
    table(
      ["task", "needs", "jobs", "repeats", "locks", "retries", "walltime", "executor"],
      workflow.tasks.map((task) => [
        task.name,
        task.needs.map((need) => needName(need, workflow.name)).join(", "),
        splitInWords(task),
        repeatInWords(task),
        task.locks.map((lock) => lockInWords(lock, workflow.name)).join(", "),
        task.retries,
        formatDuration(task.walltimeMs),
        task.executor,
      ]),
    ),
  ];
}

export function groupingInWords(grouping: Grouping): string {
  switch (grouping.by) {
    case "run":
    case "fill":
      return grouping.by;
    case "runs":
      return `${grouping.count} runs`;
    case "luminosity":
      return `luminosity ${grouping.amount}`;
    case "span":
      return formatDuration(grouping.lengthMs);
    case "ranges":
      return `ranges ${Object.keys(grouping.ranges).join(", ")}`;
    case "tick":
      return `the clock: ${grouping.cron} ${grouping.timezone}`;
  }
}

function splitInWords(task: TaskDefinition): string {
  const { split } = task;
  const jobs =
    split.by === "one"
      ? "1"
      : split.by === "number"
        ? split.jobs.text
        : split.by === "files"
          ? `one for ${split.per} files`
          : "one for each value";
  return task.combine ? `${jobs}, then combined` : jobs;
}

function repeatInWords(task: TaskDefinition): string {
  if (!task.repeat) return "";
  return task.repeat.until ? `until ${task.repeat.until.text}, at most ${task.repeat.max}` : `${task.repeat.max} times`;
}

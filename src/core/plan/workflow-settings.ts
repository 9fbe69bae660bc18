/** What is set of a workflow and its tasks, but for what decides whether something passes: that is judged in `thresholds.ts`. */
import type { Grouping } from "../group/grouping.ts";
import type { ErrorRule } from "../job/error-rules.ts";
import { plural } from "../say.ts";
import { type LockDefinition, needName, type Split, type TaskDefinition, type Workflow } from "../workflow/workflow.ts";
import { each, type SettingChange, type Settings, settingChanges, settings } from "./settings.ts";
import { signoffSettings } from "./signoff-changes.ts";
import { validateSettings } from "./validate-changes.ts";
import { command, length, runs, size } from "./written.ts";

export function workflowSettings(workflow: Workflow): Settings {
  const { grouping } = workflow;
  return [
    ...settings([
      ["description", workflow.description],
      ["owner", workflow.owner],
      ["channel", workflow.channel],
      ["group", grouping.by === "tick" ? undefined : groupWritten(grouping)],
      ["schedule", grouping.by === "tick" ? grouping.cron : undefined],
      ["timezone", grouping.by === "tick" ? grouping.timezone : undefined],
      ["stale", workflow.whenStale],
      ["priority", workflow.priority],
      ["limits.tasks", workflow.limits.tasks],
      ["limits.jobs", workflow.limits.jobs],
      ["quota", workflow.quota === undefined ? undefined : size(workflow.quota)],
    ]),
    ...each("uses", workflow.uses ?? ["all attributes"]),
    ...each("shares", workflow.shares),
    ...Object.entries(workflow.parameters).map(([name, value]) => [`parameters.${name}`, value] as const),
  ];
}

export function taskSettings(task: TaskDefinition, workflow: string): Settings {
  const { repeat, backoff } = task;
  return [
    ...settings([
      ["description", task.description],
      ["run", command(task.run)],
      ["combine", task.combine && command(task.combine)],
      ["split", splitWritten(task.split)],
      ["repeat.max", repeat?.max],
      ["repeat.otherwise", repeat?.otherwise],
      ["executor", task.executor],
      ["severity", task.severity],
      ["retries", task.retries],
      ["backoff", `${length(backoff.firstMs)}, times ${backoff.factor}, at most ${length(backoff.maxMs)}`],
      ["walltime", length(task.walltimeMs)],
    ]),
    ...each(
      "needs",
      task.needs.map((need) => needName(need, workflow)),
    ),
    ...Object.entries(task.env).map(([name, value]) => [`env.${name}`, value] as const),
    ...each("errors", task.errors.map(ruleWritten)),
    ...validateSettings(task.validation),
    ...signoffSettings(task.signoff),
  ];
}

/** The first rule that fits decides: the same rules in another order are others. */
export function orderOfRules(before: TaskDefinition, after: TaskDefinition): SettingChange[] {
  const [old, now] = [before.errors.map(ruleWritten), after.errors.map(ruleWritten)];
  if (old.join("\n") === now.join("\n") || settingChanges(each("", old), each("", now)).length > 0) return [];
  return [{ what: "order of errors", from: old.join(" | "), to: now.join(" | ") }];
}

export type Ask = Extract<LockDefinition, { kind: "ask" }>;

/** How the locks that stay ask; whether they open is judged. */
export function askChanges(before: readonly Ask[], after: readonly Ask[]): SettingChange[] {
  return after.flatMap((now) => {
    const old = before.find(({ what }) => what === now.what);
    return old ? settingChanges(askSettings(old), askSettings(now)) : [];
  });
}

function askSettings({ what, owner, url, run, everyMs }: Ask): Settings {
  return settings([
    [`locks.ask "${what}" owner`, owner],
    [`locks.ask "${what}" url`, url],
    [`locks.ask "${what}" run`, run && command(run)],
    [`locks.ask "${what}" every`, length(everyMs)],
  ]);
}

function groupWritten(grouping: Exclude<Grouping, { by: "tick" }>): string {
  const grace = grouping.by === "run" || grouping.graceMs === undefined ? "" : `, grace ${length(grouping.graceMs)}`;
  switch (grouping.by) {
    case "run":
    case "fill":
      return grouping.by + grace;
    case "runs":
      return plural(grouping.count, "run") + grace;
    case "luminosity":
      return `luminosity ${grouping.amount}${grace}`;
    case "span":
      return `span ${length(grouping.lengthMs)}${grace}`;
    case "ranges": {
      const ranges = Object.entries(grouping.ranges).map(([name, range]) => `${name}: ${runs(range)}`);
      return `ranges ${ranges.join("; ")}${grace}`;
    }
  }
}

function splitWritten(split: Split): string | undefined {
  switch (split.by) {
    case "one":
      return undefined;
    case "number":
      return `jobs ${split.jobs.text}`;
    case "values":
      return "ask" in split.values ? `values ${split.values.text}` : `values [${split.values.join(", ")}]`;
    case "files":
      return `files ${split.from ? needName(split.from) : "all"}, ${split.per} to a job`;
  }
}

function ruleWritten({ exit, log, cause, then: outcome, why }: ErrorRule): string {
  const conditions = [
    ...(exit === undefined ? [] : [`exit ${exit.join(" or ")}`]),
    ...(log === undefined ? [] : [`log ${JSON.stringify(log.source)}`]),
    ...(cause === undefined ? [] : [`cause ${cause}`]),
  ];
  return `${conditions.join(", ")}: ${outcome}${why === undefined ? "" : ` (${why})`}`;
}

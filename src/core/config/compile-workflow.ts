/** From the shape of a workflow file to a workflow: expressions compiled, places, needs, scripts and names checked. */
import type { Grouping } from "../group/grouping.ts";
import { nearest } from "../text/nearest.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { Checker } from "./checker.ts";
import { checkOneRelease } from "./compile-release.ts";
import { compileTask } from "./compile-task.ts";
import { CRON_INSTEAD, cronProblem } from "./cron.ts";
import { inOrderOfNeedsWithin } from "./order.ts";
import { pathAndAbove } from "./repository-path.ts";
import type { Surroundings } from "./surroundings.ts";
import type { WorkflowYaml } from "./workflow-yaml.ts";

export function compileWorkflow(name: string, raw: WorkflowYaml, check: Checker, around: Surroundings): Workflow {
  const grouping = groupingOf(raw, check);

  if (around.owners) check.reference(["owner"], raw.owner, around.owners, `no person or role is called ${raw.owner}`);
  for (const [index, attribute] of (raw.uses ?? []).entries()) {
    check.reference(["uses", index], attribute, Object.keys(around.attributes), `runs have no attribute ${attribute}`);
  }
  checkShared(raw.shares, check, around.programs);
  if (grouping.by === "tick" && raw.select !== undefined) {
    check.report(
      ["select"],
      "conflict",
      "a workflow that runs by the clock takes no runs",
      "leave select out, or write group instead of schedule",
    );
  }

  const select =
    raw.select === undefined ? undefined : check.expression(["select"], raw.select, around.scopes.run, "bool");
  const tasks = Object.entries(raw.tasks).map(([task, rawTask]) =>
    compileTask({
      name: task,
      raw: rawTask,
      workflow: name,
      severity: raw.severity,
      grouping,
      parameters: raw.parameters,
      around,
      check,
    }),
  );
  checkOneRelease({ tasks }, check);
  return {
    name,
    description: raw.description,
    owner: raw.owner,
    channel: raw.channel ?? around.defaults.channel,
    severity: raw.severity,
    grouping,
    select,
    uses: raw.uses,
    shares: raw.shares,
    whenStale: raw.stale,
    priority: raw.priority,
    limits: raw.limits,
    pauseAfter: "pause-after" in raw ? raw["pause-after"] : around.defaults["pause-after"],
    quota: raw.quota,
    parameters: raw.parameters,
    tasks: inOrderOfNeedsWithin(tasks),
  };
}

/** What is shared stands somewhere in the repository: as a file, or as a directory with something in it. */
function checkShared(shares: readonly string[], check: Checker, programs: ReadonlyMap<string, boolean>): void {
  shares.forEach((path, index) => {
    if (programs.has(path) || programs.keys().some((file) => file.startsWith(`${path}/`))) return;
    const near = nearest(path, new Set(programs.keys().flatMap(pathAndAbove)));
    const instead = near ? `write ${near}` : "write a path from the root of the repository, or leave it out";
    check.report(["shares", index], "unknown-file", `the repository has no file or directory ${path}`, instead);
  });
}

function groupingOf(raw: WorkflowYaml, check: Checker): Grouping {
  if (raw.schedule !== undefined) {
    if (raw.group !== undefined)
      check.report(
        ["group"],
        "conflict",
        "group and schedule stand together",
        "write one: group for runs, schedule for the clock",
      );
    const problem = cronProblem(raw.schedule, raw.timezone);
    if (problem) check.report(["schedule"], "wrong-value", problem, CRON_INSTEAD);
    return { by: "tick", cron: raw.schedule, timezone: raw.timezone };
  }
  const group = raw.group ?? "run";
  if (group === "run") return { by: "run" };
  if (group === "fill") return { by: "fill" };
  const graceMs = group.grace;
  if (group.runs !== undefined) return { by: "runs", count: group.runs, graceMs };
  if (group.luminosity !== undefined) return { by: "luminosity", amount: group.luminosity, graceMs };
  if (group.span !== undefined) return { by: "span", lengthMs: group.span, graceMs };
  if (group.ranges !== undefined) return { by: "ranges", ranges: group.ranges, graceMs };
  return { by: "fill", graceMs };
}

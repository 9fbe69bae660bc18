import { count, flag, optional } from "../src/core/command/args.ts";
import type { Arg } from "../src/core/command/command.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { parseRuns } from "../src/core/config/values.ts";
import { momentOf } from "../src/core/expression/expression.ts";
import type { Run } from "../src/core/run/run.ts";
import { moment, plural, say, table } from "../src/core/say.ts";
import type { Task } from "../src/core/task/task.ts";
import { cut } from "../src/core/text/clean.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";

const range: Arg<{ from: number; to: number } | undefined> = {
  placeholder: "FROM-TO",
  describe: "only these run numbers",
  optional: true,
  rest: false,
  flag: false,
  parse: (text) =>
    parseRuns(text) ?? { problem: `"${text}" is not a range of runs`, instead: "write for example 8215 or 8000-8215" },
};

export const runs = defineCommand({
  name: "runs",
  summary: "Runs, newest first, with how each workflow stands on them.",
  allow: "anyone",
  args: { range },
  options: {
    limit: optional(count("at most so many; 20 where nothing is said")),
    quarantined: flag("records that were not believed, with the reason"),
    conflicts: flag("only runs with contradictory records"),
  },
  examples: ["runs", "runs 8000-8215 --limit 50", "runs --quarantined"],
  json: "[{run, type, fill, start, end, luminosity, attributes, conflict, hold, workflows: {name: state}}]; with --quarantined [{id, source, run, record, reasons, firstSeenAt, lastSeenAt, times}]",
  async run({ range, limit = 20, quarantined, conflicts }, context: Context) {
    if (quarantined) return await quarantineList(context, limit);
    const found = await context.queries.runPage({ limit, ...range, ...(conflicts ? { conflict: true } : {}) });
    const covering = await context.queries.tasksOfRuns(
      found.map((run) => run.number),
      context.environment,
    );
    const states = (run: Run) =>
      workflowStates(covering.filter((one) => one.run === run.number).map((one) => one.task));
    const names = [...new Set(covering.map(({ task }) => task.workflow))].sort();
    const rows = found.map((run) => [
      run.number,
      text(run.attributes["type"]),
      text(run.attributes["fill"]),
      moment(momentOf(run.attributes, "end") ?? momentOf(run.attributes, "start")),
      text(run.attributes["luminosity"]),
      ...names.map((name) => states(run)[name] ?? ""),
      run.conflict ? "conflict" : run.hold ? "held" : "",
    ]);
    const shown =
      found.length === 0
        ? conflicts
          ? say`No run has contradictory records.`
          : say`There is no such run. Runs come from the sources in calops.yaml; status shows how they do.`
        : table(["run", "type", "fill", "taken", "luminosity", ...names, ""], rows);
    const data = found.map((run) => ({
      run: run.number,
      type: run.attributes["type"] ?? null,
      fill: run.attributes["fill"] ?? null,
      start: run.attributes["start"] ?? null,
      end: run.attributes["end"] ?? null,
      luminosity: run.attributes["luminosity"] ?? null,
      attributes: run.attributes,
      conflict: run.conflict?.why ?? null,
      hold: run.hold && { ...run.hold, since: iso(run.hold.since) },
      workflows: states(run),
    }));
    return done([shown], data);
  },
});

/** One word for each workflow: the state of its task that is furthest from done. */
function workflowStates(tasks: readonly Task[]): Record<string, string> {
  const order = ["failed", "awaiting-signoff", "processing", "ready", "held", "new", "merged", "skipped", "done"];
  const states: Record<string, string> = {};
  for (const task of tasks) {
    const before = states[task.workflow];
    if (before === undefined || order.indexOf(task.state) < order.indexOf(before)) states[task.workflow] = task.state;
  }
  return states;
}

async function quarantineList({ queries }: Context, limit: number) {
  const entries = await queries.quarantine(limit);
  const data = entries.map((entry) => ({
    ...entry,
    firstSeenAt: iso(entry.firstSeenAt),
    lastSeenAt: iso(entry.lastSeenAt),
  }));
  if (entries.length === 0) return done([say`No record is in quarantine.`], data);
  return done(
    [
      say`${plural(entries.length, "record")} that broke the rules of calops.yaml, newest first. Mend them at their source: a record that is right is taken by itself. A run in conflict goes on after release run:RUN.`,
      table(
        ["run", "source", "seen", "why", "record"],
        entries.map((entry) => [
          entry.run,
          entry.source,
          moment(entry.lastSeenAt),
          entry.reasons.join("; "),
          cut(entry.record, 80),
        ]),
      ),
    ],
    data,
  );
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

import { number } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { workflowsOf } from "../src/core/config/config.ts";
import { placeOf } from "../src/core/group/grouping.ts";
import type { HistoryEntry } from "../src/core/history.ts";
import { type Run, valuesOf } from "../src/core/run/run.ts";
import { selectionOf } from "../src/core/run/selection.ts";
import { type Block, fields, list, moment, parts, say } from "../src/core/say.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { tasksJson, taskTable } from "./task-answers.ts";

export const run = defineCommand({
  name: "run",
  summary: "One run: what is known of it, what became of it, and why a workflow has not taken it.",
  allow: "anyone",
  args: { run: number("RUN", "the number of a run") },
  options: {},
  examples: ["run 8215"],
  json: "{run, source, attributes, conflict, hold, firstSeenAt, changedAt, changes: [{at, event, why, detail}], notTaken: [{workflow, why}], tasks: [see tasks]}",
  async run({ run: wanted }, context: Context) {
    const { queries, environment } = context;
    const [found] = await queries.runs([wanted]);
    if (!found) return await unknownRun(wanted, context);
    const tasks = (await queries.taskPage({ limit: 200, run: wanted, environment })).reverse();
    const changes = (await queries.history({ kind: "run", ref: String(wanted), limit: 50 })).reverse();
    const notTaken = reasonsNotTaken(
      found,
      tasks.map((task) => task.workflow),
      context,
    );
    const blocks: Block[] = [
      say`Run ${found.number}, from source ${found.source}, first seen ${moment(found.firstSeenAt)}.`,
      ...(found.conflict
        ? [
            say`Its records contradict each other since ${moment(found.conflict.since)}: ${found.conflict.why}. Nothing new starts on it. If the first is right, which stands here: release run:${found.number}`,
          ]
        : []),
      ...(found.hold ? [say`Held by ${found.hold.by} since ${moment(found.hold.since)}: ${found.hold.why}`] : []),
      fields(
        Object.fromEntries(
          Object.entries(found.attributes).map(([name, value]) => [
            name,
            typeof value === "object" ? JSON.stringify(value) : String(value),
          ]),
        ),
      ),
      ...(tasks.length === 0 ? [say`No workflow has taken it.`] : [taskTable(tasks)]),
      ...(notTaken.length === 0
        ? []
        : [say`Not taken by:`, list(notTaken.map((one) => `${one.workflow}: ${one.why}`))]),
      ...(changes.length <= 1 ? [] : [say`What its source said of it:`, list(changes.map(inWords))]),
    ];
    const data = {
      run: found.number,
      source: found.source,
      attributes: found.attributes,
      conflict: found.conflict && { ...found.conflict, since: iso(found.conflict.since) },
      hold: found.hold && { ...found.hold, since: iso(found.hold.since) },
      firstSeenAt: iso(found.firstSeenAt),
      changedAt: iso(found.changedAt),
      changes: changes.map((change) => ({
        at: iso(change.at),
        event: change.event,
        why: change.why,
        detail: change.detail,
      })),
      notTaken,
      tasks: await tasksJson(tasks, context),
    };
    return done(blocks, data);
  },
});

async function unknownRun(wanted: number, { queries }: Context) {
  const kept = (await queries.quarantine(500)).filter((entry) => entry.run === wanted);
  const [first] = kept;
  if (first)
    return refused([
      say`Run ${wanted} is in quarantine: ${first.reasons.join("; ")} (source ${first.source}). Mend the record at its source, or the rules in calops.yaml.`,
    ]);
  return refused([
    say`Run ${wanted} is not known. The command runs lists those that are; status shows whether its source answers.`,
  ]);
}

function reasonsNotTaken(run: Run, taken: readonly string[], { config }: Context): { workflow: string; why: string }[] {
  const [prompt] = Object.values(config?.campaigns ?? {}).filter((campaign) => campaign.kind === "prompt");
  if (!config || !prompt) return [];
  return workflowsOf(config, prompt)
    .filter((workflow) => !taken.includes(workflow.name) && workflow.grouping.by !== "tick")
    .flatMap((workflow) => {
      const selection = selectionOf(config, workflow, run);
      if (selection.taken === false) return [{ workflow: workflow.name, why: selection.why }];
      if (selection.taken === undefined) return [{ workflow: workflow.name, why: `not yet: ${selection.why}` }];
      const place = placeOf(workflow.grouping, { number: run.number, attributes: valuesOf(run) });
      return place.kind === "none" ? [{ workflow: workflow.name, why: `not yet: ${place.why}` }] : [];
    });
}

function inWords(change: HistoryEntry) {
  const details = Object.entries(change.detail ?? {}).map(([name, value]) => {
    const { from, to } = (value ?? {}) as { from?: unknown; to?: unknown };
    return to === undefined
      ? `${name} ${String(value)}`
      : `${name} ${JSON.stringify(from ?? null)} -> ${JSON.stringify(to)}`;
  });
  return parts`${moment(change.at)} ${change.event}${change.why === null ? "" : `: ${change.why}`}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
}

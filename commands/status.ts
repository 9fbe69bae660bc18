import { defineCommand, done } from "../src/core/command/command.ts";
import { shortCommit } from "../src/core/environment/environment.ts";
import { type Block, fields, list, moment, parts, plural, right, say, table } from "../src/core/say.ts";
import { sizeInWords } from "../src/core/task/limits.ts";
import { formatDuration, iso } from "../src/core/time.ts";
import type { Tally } from "../src/ports/things.ts";
import type { Context } from "./context.ts";

export const status = defineCommand({
  name: "status",
  summary: "How everything stands: workflows, alerts, executors, run sources, the bot itself.",
  allow: "anyone",
  args: {},
  options: {},
  examples: ["status"],
  json: "{experiment, commit, since, stalled, runs: {runs, conflicts, quarantined}, workflows: [{workflow, waiting, processing, awaitingSignoff, done, failed, skipped, merged, paused, bytes}], alerts: [{id, workflow, task, groups, count, since, firstError}], executors: [{name, live, limit, answers}], chats: [{name, trouble}], sources: [{name, readAt, records, failure}]}",
  async run(_given, context: Context) {
    const { queries, environment, operations, config, now } = context;
    const [tallies, states, alerts, sources, runs, usage] = await Promise.all([
      queries.tallies(environment),
      queries.workflowStates(environment),
      queries.firingAlerts(environment),
      queries.sources(),
      queries.runCounts(),
      queries.usage(),
    ]);
    const condition = operations?.condition();
    const names = [
      ...new Set([...Object.keys(config?.workflows ?? {}), ...tallies.map((tally) => tally.workflow)]),
    ].sort();
    const workflows = names.map((workflow) => ({
      workflow,
      ...countsOf(tallies.filter((tally) => tally.workflow === workflow)),
      paused: states.find((state) => state.workflow === workflow)?.paused ?? null,
      bytes: usage.find((one) => one.environment === environment && one.workflow === workflow)?.bytes ?? 0,
    }));
    const data = {
      experiment: config?.experiment ?? null,
      commit: condition?.commit ?? null,
      since: condition ? iso(condition.since) : null,
      stalled: condition?.stalled ?? null,
      runs,
      workflows: workflows.map((one) => ({
        ...one,
        paused: one.paused ? { ...one.paused, since: iso(one.paused.since) } : null,
      })),
      alerts: alerts.map((alert) => ({
        id: alert.id,
        workflow: alert.workflow,
        task: alert.task,
        groups: alert.tasks.map((one) => one.group),
        count: alert.count,
        since: iso(alert.firstAt),
        firstError: alert.evidence.firstError,
      })),
      executors: condition?.executors ?? [],
      chats: condition?.chats ?? [],
      sources: sources.map((source) => ({
        name: source.name,
        readAt: source.readAt === null ? null : iso(source.readAt),
        records: source.records,
        failure: source.failure,
      })),
    };
    // Where nothing waits for a signature, nobody needs the column.
    const signs = workflows.some((one) => one.awaitingSignoff > 0);
    const blocks: Block[] = [
      condition
        ? say`${config?.experiment ?? "calops"}: running for ${formatDuration(now - condition.since)} ${condition.commit === null ? "with nothing deployed (env tells why)" : `on configuration ${shortCommit(condition.commit)}`}${condition.url === null ? "" : `, listening at ${condition.url}`}.`
        : say`${config?.experiment ?? "calops"}: the bot is not running; this is how it stood when it stopped.`,
      ...(condition?.stalled
        ? [
            say`Nothing can be decided at the moment: ${condition.stalled}. Is the disk full? calops goes on by itself once it can write.`,
          ]
        : []),
      table(
        [
          "workflow",
          right("waiting"),
          right("processing"),
          ...(signs ? [right("to sign")] : []),
          right("done"),
          right("failed"),
          right("skipped"),
          "outputs",
          "",
        ],
        workflows.map((one) => [
          one.workflow,
          one.waiting,
          one.processing,
          ...(signs ? [one.awaitingSignoff] : []),
          one.done,
          one.failed,
          one.skipped + one.merged,
          one.bytes === 0 ? "" : sizeInWords(one.bytes),
          one.paused ? `paused by ${one.paused.by}: ${one.paused.why}` : "",
        ]),
      ),
      say`${plural(runs.runs, "run")}, ${runs.conflicts} with contradictory records${runs.conflicts > 0 ? " (runs --conflicts shows them)" : ""}, ${plural(runs.quarantined, "record")} in quarantine${runs.quarantined > 0 ? " (runs --quarantined shows them)" : ""}.`,
    ];
    if (alerts.length > 0) {
      blocks.push(
        say`${plural(alerts.length, "alert")}:`,
        list(
          alerts.map(
            (alert) =>
              parts`${alert.workflow}/${alert.task} of ${alert.tasks
                .map((one) => one.group)
                .slice(-5)
                .join(
                  ", ",
                )}: ${alert.evidence.firstError ?? alert.evidence.reason} (${plural(alert.count, "failure")} since ${moment(alert.firstAt)})`,
          ),
        ),
      );
    }
    const failing = sources.filter((source) => source.failure !== null);
    const away = condition?.executors.filter((executor) => !executor.answers) ?? [];
    const silent = condition?.chats.filter(({ trouble }) => trouble !== null) ?? [];
    if (failing.length + away.length + silent.length > 0) {
      blocks.push(
        fields({
          ...Object.fromEntries(
            failing.map((source) => [`source ${source.name}`, `does not answer: ${source.failure}`]),
          ),
          ...Object.fromEntries(
            away.map((executor) => [`executor ${executor.name}`, "does not answer; nothing is decided about its jobs"]),
          ),
          ...Object.fromEntries(
            silent.map(({ name, trouble }) => [`chat ${name}`, `messages wait: ${trouble}. doctor tells what to do`]),
          ),
        }),
      );
    }
    if (condition)
      blocks.push(
        fields(
          Object.fromEntries(
            condition.executors.map((executor) => [
              `executor ${executor.name}`,
              `${executor.live} of at most ${executor.limit} jobs in flight`,
            ]),
          ),
        ),
      );
    return done(blocks, data);
  },
});

function countsOf(tallies: readonly Tally[]) {
  const of = (...states: string[]) =>
    tallies.filter((tally) => states.includes(tally.state)).reduce((sum, tally) => sum + tally.count, 0);
  return {
    waiting: of("new", "held", "ready"),
    processing: of("processing"),
    awaitingSignoff: of("awaiting-signoff"),
    done: of("done"),
    failed: of("failed"),
    skipped: of("skipped"),
    merged: of("merged"),
  };
}

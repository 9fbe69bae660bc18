import { pastInWords } from "../src/core/alert/past.ts";
import { flag } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { type Block, moment, type Part, parts, plural, right, say, table } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { alertData, stateOf } from "./duty-answers.ts";

/** More than this at once is for programs. */
const SHOWN = 30;

export const alerts = defineCommand({
  name: "alerts",
  summary: "What is failed and not well again: how often, since when, and who takes care of it.",
  allow: "anyone",
  args: {},
  options: { free: flag("only those that nobody takes care of") },
  examples: ["alerts", "alerts --free"],
  json: "[{id, environment, workflow, task, severity, state, tasks, failures, since, last, firstError, log, silenced, acknowledged: {by, at, until, why}}]",
  async run({ free }, { queries }: Context) {
    const all = await queries.firingAlerts();
    const shown = free ? all.filter((alert) => stateOf(alert) === "firing") : all;
    if (shown.length === 0)
      return done(
        [
          say`${free && all.length > 0 ? "Somebody takes care of all that is failed, or it is silenced: alerts lists it." : "Nothing is failed."}`,
        ],
        [],
      );
    const blocks: Block[] = [
      table(
        ["alert", "severity", "state", "what", right("tasks"), "since", "first error", "in hand of"],
        shown
          .slice(0, SHOWN)
          .map((alert) => [
            alert.id,
            alert.severity,
            stateOf(alert),
            `${alert.workflow}/${alert.task}${alert.environment === "production" ? "" : ` (${alert.environment})`}`,
            alert.open,
            moment(alert.firstAt),
            alert.evidence.firstError ?? alert.evidence.reason,
            alert.acknowledged?.by ?? "nobody",
          ]),
      ),
      ...(shown.length > SHOWN ? [say`${plural(shown.length - SHOWN, "alert")} more; alerts --json gives all.`] : []),
    ];
    const [first] = shown;
    if (shown.length === 1 && first) blocks.push({ kind: "text", parts: lineOf(pastInWords(first.past), first.id) });
    else blocks.push(say`ack ALERT takes one; silence MATCHER REASON keeps some quiet for a while.`);
    return done(blocks, shown.map(alertData));
  },
});

function lineOf(past: string, id: number): Part[] {
  return parts`It fails ${past}. ack ${id} takes it.`;
}

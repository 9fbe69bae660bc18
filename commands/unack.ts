import { number } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { alertData, alertName, capital, isResolved, noSuchAlert } from "./duty-answers.ts";
import { notRunning } from "./refusals.ts";

export const unack = defineCommand({
  name: "unack",
  summary: "Leave an alert to others again. It fires as if it had just begun.",
  allow: "shifter",
  args: { alert: number("ALERT", "the number of an alert") },
  options: {},
  examples: ["unack 3"],
  json: "{id, environment, workflow, task, severity, state, tasks, failures, since, last, firstError, log, silenced, acknowledged: {by, at, until, why}}",
  async run({ alert }, { duty, actor }: Context) {
    if (!duty) return notRunning();
    const left = await duty.unacknowledge(alert, actor.id);
    if (left.ok)
      return done(
        [say`${capital(alertName(left.alert))} is nobody's now. ack ${alert} takes it.`],
        alertData(left.alert),
      );
    if (left.reason === "unknown-alert") return noSuchAlert(alert);
    return left.alert.state === "resolved"
      ? isResolved(left.alert)
      : refused([say`Nobody has ${alertName(left.alert)}. ack ${alert} takes it.`]);
  },
});

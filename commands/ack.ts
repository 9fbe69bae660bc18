import { number, optional, text } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { moment, say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { alertData, alertName, capital, isResolved, length, noSuchAlert, whoseItIs } from "./duty-answers.ts";
import { notRunning } from "./refusals.ts";

export const ack = defineCommand({
  name: "ack",
  summary: "Take care of an alert: nobody else is called, until it grows or the time is up.",
  allow: "shifter",
  args: {
    alert: number("ALERT", "the number of an alert"),
    reason: optional(text("REASON", "what you are about to do, for whoever asks")),
  },
  options: { for: optional(length("for how long; as alerts.yaml says where it is left out")) },
  examples: ["ack 3 I look at the pulser", "ack 3 --for 4h"],
  json: "{id, environment, workflow, task, severity, state, tasks, failures, since, last, firstError, log, silenced, acknowledged: {by, at, until, why}}",
  async run({ alert, reason, for: forMs }, { duty, actor, now }: Context) {
    if (!duty) return notRunning();
    const until = forMs === undefined ? undefined : now + forMs;
    const taken = await duty.acknowledge(alert, { until, why: reason ?? null }, actor.id);
    if (taken.ok)
      return done(
        [
          say`${capital(alertName(taken.alert))} is in hand of ${actor.id} until ${moment(taken.alert.acknowledged?.until)}${reason === undefined ? "" : `: ${reason}`}. It is anybody's again when another task fails the same way, or by: unack ${alert}`,
        ],
        alertData(taken.alert),
      );
    switch (taken.reason) {
      case "unknown-alert":
        return noSuchAlert(alert);
      case "resolved":
        return isResolved(taken.alert);
      case "acknowledged":
        return refused([whoseItIs(taken.alert)]);
      case "over-already":
        return refused([say`That is no time at all. Write for example: ack ${alert} --for 4h`]);
    }
  },
});

/** What commands about alerts, silences and rotas say, where several say the same. */
import type { Alert, AlertState } from "../src/core/alert/alert.ts";
import { type Answer, type Arg, refused } from "../src/core/command/command.ts";
import type { Config } from "../src/core/config/config.ts";
import { type Block, moment, say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import { iso, parseDuration } from "../src/core/time.ts";

/** `2h`, `1d` -> milliseconds. */
export function length(describe: string): Arg<number> {
  return {
    placeholder: "TIME",
    describe,
    optional: false,
    rest: false,
    flag: false,
    parse: (word) =>
      parseDuration(word) ?? {
        problem: `"${word}" is not a length of time`,
        instead: "write for example 30m, 4h or 2d",
      },
  };
}

/** `alert 3 (calibrate of t0)` */
export function alertName({ id, environment, workflow, task }: Alert): string {
  return `alert ${id} (${task} of ${workflow}${environment === "production" ? "" : ` in ${environment}`})`;
}

export function noSuchAlert(id: number): Answer {
  return refused([say`There is no alert ${id}. The command alerts lists those that are not resolved.`]);
}

export function isResolved(alert: Alert): Answer {
  const by = alert.handledBy === null ? "by itself" : `${alert.handledBy} did something about it`;
  return refused([
    say`${capital(alertName(alert))} was resolved at ${moment(alert.resolvedAt)} (${by}): there is nothing to take care of.`,
  ]);
}

export function whoseItIs(alert: Alert): Block {
  const { by = "nobody", at = null, until = null, why = null } = alert.acknowledged ?? {};
  return say`${capital(alertName(alert))} was acknowledged by ${by} at ${moment(at)}, until ${moment(until)}${why === null ? "" : `: ${why}`}. unack ${alert.id} leaves it to others, and ack ${alert.id} takes it then.`;
}

export function noSuchRota(name: string, config: Config | null): Answer {
  const rotas = Object.keys(config?.rotas ?? {});
  return refused([
    rotas.length === 0
      ? say`No rota says who is on duty. people.yaml can have some, under oncall:.`
      : say`There is no rota ${name}; ${choices(name, rotas)}.`,
  ]);
}

/** Fields of an alert, for programs. */
export function alertData(alert: Alert) {
  const { id, environment, workflow, task, severity, state, open, count, quiet, acknowledged, evidence } = alert;
  return {
    id,
    environment,
    workflow,
    task,
    severity,
    state: stateOf(alert),
    tasks: open,
    failures: count,
    since: iso(alert.firstAt),
    last: iso(alert.lastAt),
    firstError: evidence.firstError ?? evidence.reason,
    log: evidence.logUrl,
    silenced: quiet && state !== "resolved",
    acknowledged: acknowledged && {
      by: acknowledged.by,
      at: iso(acknowledged.at),
      until: iso(acknowledged.until),
      why: acknowledged.why,
    },
  };
}

/** Silenced is what people see of an alert that nobody took. */
export function stateOf({ state, quiet }: Alert): AlertState | "silenced" {
  return state === "firing" && quiet ? "silenced" : state;
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

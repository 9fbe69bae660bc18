/** How rotas and the routes of alerts changed: who is called, when, and where it is told. */
import { type AlertRules, type Route, targetInWords } from "../alert/rules.ts";
import type { Config } from "../config/config.ts";
import type { Calendar } from "../oncall/calendar.ts";
import type { Rota } from "../oncall/rota.ts";
import { wallInWords } from "../oncall/wall.ts";
import { iso } from "../time.ts";
import { each, type NamedChanges, namedChanges, type SettingChange, settingChanges, settings } from "./settings.ts";
import { length } from "./written.ts";

export type DutyChanges = {
  readonly rotas: NamedChanges;
  /** Of `alerts.yaml`. */
  readonly alerts: readonly SettingChange[];
};

export function dutyChanges(before: Config, after: Config): DutyChanges {
  return {
    rotas: namedChanges(before.rotas, after.rotas, rotaChanges),
    alerts: [
      ...settingChanges(alertSettings(before.alerts), alertSettings(after.alerts)),
      ...orderOfRoutes(before.alerts, after.alerts),
    ],
  };
}

function rotaChanges(before: Rota, after: Rota): SettingChange[] {
  const written = ({ timezone, turns, overrides, calendar }: Rota) => [
    ...settings([
      ["timezone", timezone],
      ["start", turns && wallInWords(turns.start)],
      ["every", turns && length(turns.everyMs)],
      ["people", turns?.people.join(", ")],
      ["calendar", calendar && calendarInWords(calendar)],
    ]),
    ...each(
      "overrides",
      overrides.map(({ from, until, person, why }) => `${person} from ${iso(from)} to ${iso(until)}: ${why}`),
    ),
  ];
  const changes = settingChanges(written(before), written(after));
  // As many shifts, and others: the count alone would say that nothing is different.
  if (changes.some(({ what }) => what === "calendar") || sameShifts(before.calendar, after.calendar)) return changes;
  return [...changes, { what: "calendar", from: "the shifts before", to: "other shifts" }];
}

function calendarInWords({ shifts, series }: Calendar): string {
  return `${shifts.length} single shifts and ${series.length} that come again`;
}

function sameShifts(before: Calendar | undefined, after: Calendar | undefined): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

function alertSettings({ routes, ackLapsesMs, digests, heartbeat }: AlertRules) {
  return [
    ...each("routes", routes.map(routeInWords)),
    ...settings([
      ["ack.lapses", length(ackLapsesMs)],
      ["heartbeat", heartbeat && `secret ${heartbeat.secret} every ${length(heartbeat.everyMs)}`],
    ]),
    ...each(
      "digest",
      digests.map(({ rota, channel }) => `at the hand-over of ${rota} to ${channel}`),
    ),
  ];
}

function routeInWords({ workflows, severities, environment, channel, repeatMs, escalate }: Route): string {
  const what = [
    ...(workflows ? [workflows.join(" or ")] : []),
    ...(severities ? [severities.join(" or ")] : []),
    environment,
  ].join(", ");
  const how = [
    channel === undefined ? "to the workflow's channel" : `to ${channel}`,
    ...(repeatMs === undefined ? [] : [`again after ${length(repeatMs)}`]),
    ...escalate.map(({ afterMs, to }) => `after ${length(afterMs)} to ${targetInWords(to)}`),
  ];
  return `${what}: ${how.join(", ")}`;
}

/** The first route that matches counts: the same ones in another order are others. */
function orderOfRoutes(before: AlertRules, after: AlertRules): SettingChange[] {
  const [old, now] = [before.routes.map(routeInWords), after.routes.map(routeInWords)];
  if (old.join("\n") === now.join("\n") || settingChanges(each("", old), each("", now)).length > 0) return [];
  return [{ what: "order of routes", from: old.join(" | "), to: now.join(" | ") }];
}

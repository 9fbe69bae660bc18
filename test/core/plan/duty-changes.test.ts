import { expect, test } from "vitest";
import { planned, REPOSITORY, under } from "./planning.ts";

const shifts = (day: number) =>
  `BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:202611${day}T080000Z\nDURATION:PT8H\nSUMMARY:ann\nEND:VEVENT\nEND:VCALENDAR\n`;
const PEOPLE = REPOSITORY["people.yaml"] ?? "";
const rota = (people: string, more = "") =>
  `${PEOPLE}oncall:\n  shift: { start: 2026-11-02T08:00, people: [${people}], calendar: shifts.ics${more} }\n`;
const BEFORE = {
  ...REPOSITORY,
  "people.yaml": rota("ann, ben"),
  "shifts.ics": shifts(10),
  "alerts.yaml":
    "routes:\n  - { match: { severity: critical }, repeat: 4h }\n  - { match: { severity: info }, channel: '#quiet' }\n",
};

test("a new rota, one that is gone, and what is different in one, are told", () => {
  const lines = planned(BEFORE, {
    ...BEFORE,
    "people.yaml": rota("ben, ann", ", overrides: [{ from: 2026-12-01, until: 2026-12-02, person: ben, why: ill }]"),
  });
  expect(under("On duty:", lines)).toEqual([
    "people of shift ann, ben -> ben, ann",
    expect.stringContaining("ben from 2026-12-01T00:00:00.000Z to 2026-12-02T00:00:00.000Z: ill"),
  ]);
  expect(under("Removed:", planned(BEFORE, { ...BEFORE, "people.yaml": PEOPLE }))).toEqual([
    "rota shift: nobody is on duty in it any more",
  ]);
  expect(under("On duty:", planned({ ...BEFORE, "people.yaml": PEOPLE }, BEFORE))).toEqual(["rota shift is new"]);
});

test("other shifts in a calendar are told, and no other file", () => {
  const lines = planned(BEFORE, { ...BEFORE, "shifts.ics": shifts(11) });
  expect(under("On duty:", lines)).toEqual(["calendar of shift the shifts before -> other shifts"]);
  expect(lines.join()).not.toContain("no workflow declares");
});

test("routes that are others, or in another order, are told", () => {
  const alerts = BEFORE["alerts.yaml"];
  const [head, first, second] = alerts.split("\n");
  const changed = (text: string) => under("Alerts:", planned(BEFORE, { ...BEFORE, "alerts.yaml": text }));
  expect(changed(alerts.replace("4h", "2h"))).toEqual([
    "routes of alerts.yaml critical, production: to the workflow's channel, again after 4h -> critical, production: to the workflow's channel, again after 2h",
  ]);
  expect(changed([head, second, first, ""].join("\n"))).toEqual([expect.stringContaining("order of routes")]);
  expect(changed(`${alerts}ack: { lapses: 1h }\n`)).toEqual(["ack.lapses of alerts.yaml 8h -> 1h"]);
});

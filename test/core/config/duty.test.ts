import { describe, expect, test } from "vitest";
import { DEFAULT_ALERTS, routeOf } from "../../../src/core/alert/rules.ts";
import { configOf, issuesOf, type Written } from "./reading.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PEOPLE = "people:\n  ann: { name: Ann Lee, email: ann@lab.org }\n  ben: { name: Ben }\n";
const ROTA = "oncall:\n  shift: { start: 2026-11-02T08:00, people: [ann, ben] }\n";
const T0 =
  "description: x\nowner: ann\nseverity: critical\ntasks: { fit: { run: [fit] }, plot: { run: [plot], severity: info } }\n";
const files = (alerts: string, more: Written = {}): Written => ({
  "calops.yaml": "experiment: D\n",
  "people.yaml": PEOPLE + ROTA,
  "alerts.yaml": alerts,
  "workflows/t0/workflow.yaml": T0,
  ...more,
});

describe("alerts.yaml", () => {
  test("that is not there, or says nothing, tells each alert once in its workflow's channel", () => {
    expect(configOf({ "calops.yaml": "experiment: D\n" }).alerts).toEqual(DEFAULT_ALERTS);
    expect(configOf(files("# later\n")).alerts).toEqual(DEFAULT_ALERTS);
  });

  test("with everything", () => {
    const { alerts } = configOf(
      files(`routes:
  - match: { workflow: t0, severity: [warning, critical] }
    channel: "#timing"
    repeat: 4h
    escalate:
      - { after: 15m, to: { oncall: shift } }
      - { after: 1h, to: { person: ben } }
      - { after: 2h, to: { channel: "#all" } }
  - match: { environment: mirrors }
    repeat: 1d
  - {}
ack: { lapses: 2h }
digest: { rota: shift, channel: "#shift" }
heartbeat: { url: { secret: BEAT }, every: 30s }
`),
    );
    expect(alerts).toMatchObject({
      routes: [
        {
          workflows: ["t0"],
          severities: ["warning", "critical"],
          environment: "production",
          channel: "#timing",
          repeatMs: 4 * HOUR,
          escalate: [
            { afterMs: 15 * MINUTE, to: { oncall: "shift" } },
            { afterMs: HOUR, to: { person: "ben" } },
            { afterMs: 2 * HOUR, to: { channel: "#all" } },
          ],
        },
        { environment: "mirrors", repeatMs: 24 * HOUR },
        { environment: "production", escalate: [] },
      ],
      ackLapsesMs: 2 * HOUR,
      digests: [{ rota: "shift", channel: "#shift" }],
      heartbeat: { secret: "BEAT", everyMs: 30_000 },
    });
    const route = (environment: string, workflow: string, severity: "info" | "critical") =>
      alerts.routes.indexOf(routeOf(alerts, { environment, workflow, severity }));
    expect(route("production", "t0", "critical")).toBe(0);
    expect(route("production", "t0", "info")).toBe(2);
    expect(route("production", "t1", "critical")).toBe(2);
    expect(route("mirror/t0", "t0", "critical")).toBe(1);
  });

  test("sends by the severity that workflows and tasks have", () => {
    const { workflows } = configOf(files(""));
    expect(workflows["t0"]?.tasks.map(({ name, severity }) => [name, severity])).toEqual([
      ["fit", "critical"],
      ["plot", "info"],
    ]);
  });

  test.each([
    ["routes:\n  - { match: { workflow: t1 } }", "alerts.yaml:2:26: there is no workflow t1; write t0"],
    [
      "routes:\n  - { match: { severity: bad } }",
      "alerts.yaml:2:26: not a severity; write one of info, warning, critical",
    ],
    [
      "routes:\n  - { match: { environment: mirror/x } }",
      "alerts.yaml:2:29: not an environment here; write production or mirrors",
    ],
    [
      "routes:\n  - { match: { environment: mirrors }, channel: '#x' }",
      /2:49: what mirrors say goes to the channel of mirrors/,
    ],
    [
      "routes:\n  - {}\n  - { match: { workflow: t0 } }",
      "alerts.yaml:3:5: no alert comes here: route 1 takes all of production; put this one before it",
    ],
    [
      "routes:\n  - { escalate: [{ after: 15m, to: { oncall: shft } }] }",
      "alerts.yaml:2:46: there is no rota shft; write shift",
    ],
    [
      "routes:\n  - { escalate: [{ after: 15m, to: { person: bob } }] }",
      "alerts.yaml:2:46: nobody is called bob; write one of ann, ben",
    ],
    [
      "routes:\n  - { escalate: [{ after: 15m, to: {} }] }",
      /2:36: no kind is given; write exactly one of oncall, person, channel/,
    ],
    [
      "routes:\n  - { escalate: [{ after: 15m, to: { person: ann } }, { after: 5m, to: { person: ben } }] }",
      /2:64: it comes no later than the step before/,
    ],
    ["routes:\n  - { repeat: 1s }", "alerts.yaml:2:15: too often; write 1m or more"],
    ["digest: { rota: night, channel: '#x' }", "alerts.yaml:1:9: there is no rota night; write shift"],
    ["heartbeat: { url: https://beat.example/abc }", /alerts.yaml:1:19: .*https/],
    ["route: []", 'alerts.yaml:1:1: unknown key "route"; write routes'],
  ])("%s is a mistake", (text, issue) => {
    const [found, ...more] = issuesOf(files(`${text}\n`));
    expect(more).toEqual([]);
    expect(found).toEqual(typeof issue === "string" ? issue : expect.stringMatching(issue));
  });

  test("never mixes what mirrors say with what production says", () => {
    const issues = issuesOf(
      files("digest: { rota: shift, channel: '#dev' }\n", { "environments.yaml": "mirrors: { channel: '#dev' }\n" }),
    );
    expect(issues).toEqual([expect.stringContaining("environments.yaml:1:21: messages of production go to #dev")]);
  });

  test("refers to nobody while people.yaml cannot be read", () => {
    const issues = issuesOf(
      files("routes: [{ escalate: [{ after: 1m, to: { person: bob } }] }]\n", { "people.yaml": "people: [\n" }),
    );
    expect(issues.filter((issue) => issue.startsWith("alerts"))).toEqual([]);
  });
});

describe("a rota", () => {
  const rota = (text: string, more: Written = {}) =>
    issuesOf(files("", { "people.yaml": `${PEOPLE}oncall:\n  shift: ${text}\n`, ...more }));

  test("counts by the clock of its timezone", () => {
    const { rotas } = configOf(
      files("", {
        "people.yaml": `${PEOPLE}oncall:
  shift:
    timezone: Europe/Zurich
    start: 2026-11-02T08:00
    people: [ann, ben]
    overrides:
      - { from: 2026-12-24T08:00, until: 2026-12-25T08:00Z, person: ben, why: holidays }
    calendar: plan/shifts.ics
`,
        "plan/shifts.ics":
          "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261103T080000\nDURATION:PT8H\nSUMMARY:Leader: Ann Lee\nEND:VEVENT\nEND:VCALENDAR\n",
      }),
    );
    expect(rotas["shift"]).toEqual({
      name: "shift",
      timezone: "Europe/Zurich",
      turns: { start: Date.parse("2026-11-02T08:00Z"), everyMs: 7 * 24 * HOUR, people: ["ann", "ben"] },
      overrides: [
        {
          from: Date.parse("2026-12-24T07:00Z"),
          until: Date.parse("2026-12-25T08:00Z"),
          person: "ben",
          why: "holidays",
        },
      ],
      calendar: {
        shifts: [{ from: Date.parse("2026-11-03T07:00Z"), until: Date.parse("2026-11-03T15:00Z"), person: "ann" }],
        series: [],
      },
    });
  });

  test.each([
    [
      "{ start: 2026-11-02T08:00, people: [ann, bob] }",
      "people.yaml:5:51: nobody is called bob; write one of ann, ben",
    ],
    ["{ people: [ann] }", "people.yaml:5:10: nothing says when the first turn begins; add start: 2026-11-02T08:00"],
    ["{}", "people.yaml:5:10: nobody is ever on duty; add start: and people:, or calendar:"],
    [
      "{ start: 2026-11-02T08:00Z, people: [ann] }",
      /people.yaml:5:19: "2026-11-02T08:00Z" is not a moment by the clock of the timezone/,
    ],
    ["{ timezone: CET/Zurich, start: 2026-11-02, people: [ann] }", /people.yaml:5:22: not a timezone; write its name/],
    ["{ start: 2026-11-02, people: [ann], every: 10m }", "people.yaml:5:53: too short; write 1h or more"],
    [
      "{ start: 2026-11-02, people: [ann], calendar: shift.ics }",
      /people.yaml:5:56: there is no file shift.ics; write shifts.ics/,
    ],
    [
      "{ start: 2026-11-02, people: [ann], calendar: ../shifts.ics }",
      /people.yaml:5:56: not a calendar's file; write a path/,
    ],
    ["{ calendar: shifts.ics }", /shifts.ics:1:1: not a calendar: .*; export it as iCalendar/],
    [
      "{ start: 2026-11-02, people: [ann], overrides: [{ from: 2026-11-03, until: 2026-11-02, person: ben, why: x }] }",
      /people.yaml:5:85: it ends before it begins/,
    ],
  ])("%s is a mistake", (text, issue) => {
    const [found, ...more] = rota(text, { "shifts.ics": "nothing" });
    expect(more).toEqual([]);
    expect(found).toEqual(typeof issue === "string" ? issue : expect.stringMatching(issue));
  });
});

import { describe, expect, test } from "vitest";
import { readRules } from "../../../src/core/config/read-rules.ts";
import { DEFAULT_RULES } from "../../../src/core/environment/rules.ts";
import { STANDARD } from "../../../src/core/permission/rights.ts";
import { configOf, issuesOf, KINDS, type Written } from "./reading.ts";
import { ED25519 } from "./some-keys.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PEOPLE = `people:
  ann: { name: Ann, roles: [expert] }
  bob: { name: Bob, roles: [expert, release-manager], keys: ["${ED25519}"] }
`;
const environments = (text: string, more: Written = {}): Written => ({
  "calops.yaml": "experiment: D\n",
  "people.yaml": PEOPLE,
  "environments.yaml": text,
  ...more,
});
const rulesOf = (text: string) => configOf(environments(text)).environments;
const production = (text: string) => rulesOf(`production:\n  ${text}\n`).production;

describe("environments.yaml", () => {
  test("that is not there, or says nothing, lets production follow the protected branch, and nothing else", () => {
    expect(configOf({ "calops.yaml": "experiment: D\n" }).environments).toEqual(DEFAULT_RULES);
    expect(rulesOf("# later\n")).toEqual(DEFAULT_RULES);
  });

  test("with everything", () => {
    expect(
      rulesOf(`production:
  follow: { tag: "v*" }
  deploy: on-request
  require:
    signed: { role: release-manager }
    approval: { role: expert, count: 2 }
    other-than-author: true
  freeze:
    - { from: 2026-12-20, until: 2027-01-05T08:00Z, reason: winter stop }
    - { every: "0 17 * * 5", for: 63h, timezone: Europe/Zurich, reason: weekend }
    - { every: "0 0 * * *", for: 2h, reason: backup }
mirrors:
  branches: ["*", "fit/**"]
  except: [wip/*]
  runs: [8215, 8300-8310]
  channel: "#calibration-dev"
  grace: 2d
  jobs: 5
  isolation: none
poll: 5s
host:
  github: { repository: driftwood/config, token: { secret: GITHUB_TOKEN } }
webhooks:
  github: { secret: WEBHOOK_SECRET }
  gitlab: { secret: OTHER_SECRET }
`),
    ).toEqual({
      production: {
        follow: { kind: "tag", pattern: "v*" },
        deploy: "on-request",
        requires: {
          signed: { role: "release-manager" },
          approval: { role: "expert", count: 2 },
          otherThanAuthor: true,
        },
        freezes: [
          { from: Date.parse("2026-12-20T00:00Z"), until: Date.parse("2027-01-05T08:00Z"), reason: "winter stop" },
          { cron: "0 17 * * 5", timezone: "Europe/Zurich", lengthMs: 63 * HOUR, reason: "weekend" },
          { cron: "0 0 * * *", timezone: "UTC", lengthMs: 2 * HOUR, reason: "backup" },
        ],
      },
      mirrors: {
        branches: ["*", "fit/**"],
        except: ["wip/*"],
        runs: [
          { from: 8215, to: 8215 },
          { from: 8300, to: 8310 },
        ],
        channel: "#calibration-dev",
        graceMs: 2 * DAY,
        jobs: 5,
        isolation: "none",
      },
      pollMs: 5_000,
      host: {
        kind: "github",
        options: expect.objectContaining({ repository: "driftwood/config", token: { secret: "GITHUB_TOKEN" } }),
      },
      webhooks: { github: "WEBHOOK_SECRET", gitlab: "OTHER_SECRET" },
    });
  });

  test("with mirrors of which nothing but the channel is said isolates them", () => {
    expect(rulesOf("mirrors: { channel: dev }\n").mirrors).toEqual({
      branches: ["**"],
      except: [],
      runs: { last: 3 },
      channel: "dev",
      graceMs: 7 * DAY,
      jobs: 2,
      isolation: "required",
    });
  });

  test.each<[string, object]>([
    ["follow: { branch: release/2026 }", { follow: { kind: "branch", branch: "release/2026" } }],
    [`follow: { commit: ${"a1".repeat(20)} }`, { follow: { kind: "commit", commit: "a1".repeat(20) } }],
    [`follow: { commit: ${"a1".repeat(32)} }`, { follow: { kind: "commit", commit: "a1".repeat(32) } }],
    ["require: { signed: true }", { requires: { signed: { role: undefined } } }],
    ["require: { signed: false }", { requires: { signed: undefined } }],
    ["require: { approval: expert }", { requires: { approval: { role: "expert", count: 1 } } }],
  ])("may say %s", (text, expected) => {
    expect(production(text)).toMatchObject(expected);
  });
});

describe("somebody tired reads", () => {
  const words = (files: Written) => issuesOf(files).map((line) => line.replace(/^environments.yaml:\d+:\d+: /, ""));
  const ofProduction = (text: string) => environments(`production:\n  ${text}\n`);
  const ofMirrors = (text: string) => environments(`mirrors: { channel: dev, ${text} }\n`);
  const T0 = 'description: x\nowner: ann\nchannel: "#timing"\ntasks: { fit: { run: [fit] } }\n';

  test.each<[string, Written, string]>([
    ["that a key is unknown", environments("mirror: { channel: dev }\n"), 'unknown key "mirror"; write mirrors'],
    [
      "that two things cannot be followed",
      ofProduction('follow: { tag: "v*", branch: main }'),
      "tag and branch stand together; write exactly one of tag, branch, commit",
    ],
    [
      "what can be followed",
      ofProduction("follow: main"),
      'not something to follow; write { tag: "v*" } or { branch: main }',
    ],
    [
      "that a part of a commit's id may be anybody's",
      ofProduction("follow: { commit: 1a2b3c4d }"),
      "not the whole id of a commit; write all of its 40 hexadecimal digits, as git log --format=%H prints them",
    ],
    [
      "that YAML took a commit for a number",
      ofProduction(`follow: { commit: ${"1".repeat(40)} }`),
      `${"1".repeat(40)} is not a text; put it into quotes: "${"1".repeat(40)}"`,
    ],
    [
      "that one branch is followed",
      ofProduction('follow: { branch: "release/*" }'),
      "one branch is followed, not a pattern; write its name",
    ],
    [
      "that a pattern matches nothing",
      ofProduction('follow: { tag: "" }'),
      'an empty name matches nothing; write for example "v*" or "wip/*"',
    ],
    [
      "that a name is in full",
      ofProduction('follow: { tag: "refs/tags/v*" }'),
      '"refs/tags/v*" is a name in full; write the short one, for example main or "v*"',
    ],
    [
      "that only stars stand for something",
      ofMirrors('branches: ["fit-[0-9]"]'),
      'no branch or tag is called "fit-[0-9]"; write a name, with * for anything within a step of it and ** for anything',
    ],
    [
      "that alternatives are written one by one",
      ofMirrors('branches: ["{a,b}"]'),
      'no branch or tag is called "{a,b}"; write a name, with * for anything within a step of it and ** for anything',
    ],
    [
      "that a pattern takes nothing away",
      ofMirrors('branches: ["!wip/*"]'),
      '"!" takes nothing away; write what mirrors leave out under except',
    ],
    [
      "that no branch is matched",
      ofMirrors("branches: []"),
      'an empty list matches nothing; write ["**"], or leave mirrors out',
    ],
    ["how many runs a mirror may have", ofMirrors("runs: { last: 0 }"), "too few; write from 1 to 1000"],
    ["how many runs at most", ofMirrors("runs: { last: 1001 }"), "too many; write from 1 to 1000"],
    [
      "that a channel is missing",
      environments("mirrors: {}\n"),
      '"channel" is missing; add channel: "#calibration-dev"',
    ],
    [
      "that mirrors would talk where production does",
      environments("mirrors: { channel: Calibration }\n"),
      'messages of production go to Calibration, and those of mirrors never go to production\'s channels; write another, for example "#calibration-dev"',
    ],
    [
      "that mirrors would talk where a workflow does",
      environments('mirrors: { channel: "#timing" }\n', { "workflows/t0/workflow.yaml": T0 }),
      'messages of t0 go to #timing, and those of mirrors never go to production\'s channels; write another, for example "#calibration-dev"',
    ],
    [
      "that mirrors would talk where the cards of groups are",
      environments("mirrors: { channel: runs }\n", {
        "calops.yaml": 'experiment: Driftwood\ncards: { channel: "#runs" }\n',
        "workflows/t0/workflow.yaml": T0,
      }),
      'messages of production go to runs, and those of mirrors never go to production\'s channels; write another, for example "#calibration-dev"',
    ],
    [
      "that nobody can approve",
      ofProduction("require: { approval: experts }"),
      "nobody has the role experts; write expert",
    ],
    [
      "that too few can approve",
      ofProduction("require: { approval: { role: expert, count: 3 } }"),
      "there are no 3 people of the role expert; write 2, or give the role to more",
    ],
    [
      "that there is nothing to approve for others",
      ofProduction("require: { other-than-author: true }"),
      "nobody has to approve anything; add approval: and the role, or leave this out",
    ],
    [
      "that a role signs which nobody has",
      ofProduction("require: { signed: { role: manager } }"),
      "nobody has the role manager; write one of expert, release-manager",
    ],
    [
      "that nobody could sign",
      { ...ofProduction("require: { signed: true }"), "people.yaml": "people: { ann: { name: Ann } }\n" },
      "nobody has a key; add keys: to a person in people.yaml",
    ],
    [
      "that nobody could sign, where there are no people",
      { "calops.yaml": "experiment: D\n", "environments.yaml": "production: { require: { signed: true } }\n" },
      "nobody has a key; add keys: to a person in people.yaml",
    ],
    [
      "that nobody of a role could sign",
      {
        ...ofProduction("require: { signed: { role: expert } }"),
        "people.yaml": PEOPLE.replace("[expert, release-manager]", "[release-manager]"),
      },
      "nobody of the role expert has a key; add keys: to a person in people.yaml",
    ],
    [
      "that a freeze ends before it begins",
      ofProduction("freeze: [{ from: 2026-12-20, until: 2026-12-20, reason: x }]"),
      "it ends before it begins; write a later moment",
    ],
    [
      "that a freeze is half a window",
      ofProduction("freeze: [{ from: 2026-12-20, reason: x }]"),
      "not a window; write from and until, or every, for and if need be timezone, and a reason",
    ],
    [
      "that a freeze is two windows",
      ofProduction('freeze: [{ from: 2026-12-20, until: 2027-01-05, every: "0 0 * * *", for: 1h, reason: x }]'),
      "not a window; write from and until, or every, for and if need be timezone, and a reason",
    ],
    [
      "that a freeze never comes",
      ofProduction('freeze: [{ every: "0 0 30 2 *", for: 1h, reason: x }]'),
      '"0 0 30 2 *" never comes; write five fields, for example "0 6 * * *" for every day at 6, and a timezone such as Europe/Zurich',
    ],
    [
      "that a freeze is in no timezone",
      ofProduction('freeze: [{ every: "0 0 * * *", for: 1h, timezone: Zurich, reason: x }]'),
      '"0 0 * * *" in Zurich is not a schedule; write five fields, for example "0 6 * * *" for every day at 6, and a timezone such as Europe/Zurich',
    ],
    [
      "that a freeze is too short to be one",
      ofProduction('freeze: [{ every: "0 0 * * *", for: 0s, reason: x }]'),
      "too short; write 1m or more",
    ],
    [
      "that a day is none",
      ofProduction("freeze: [{ from: 2026-02-30, until: 2026-03-01, reason: x }]"),
      '"2026-02-30" is not a moment; write 2026-12-20 or 2026-12-20T17:00Z',
    ],
    ["that nobody can be asked all the time", environments("poll: 0s\n"), "too short; write 1s or more"],
    ["that somebody must be asked now and then", environments("poll: 2d\n"), "too rarely; write 1d or less"],
    [
      "that a secret stands here by its name alone",
      environments("webhooks: { github: { secret: hunter2 } }\n"),
      "not a secret's name; write capitals, digits and _, for example REGISTRY_TOKEN",
    ],
    [
      "who sends webhooks",
      environments("webhooks: { svn: { secret: A } }\n"),
      'unknown key "svn"; known here: github, gitlab, gitea, bitbucket',
    ],
    ["that it is reviewed in one place", environments("host: {}\n"), "no kind is given; write exactly one of github"],
  ])("%s", (_name, files, expected) => {
    expect(words(files)).toEqual([expected]);
  });

  test("all of it at once, in reading order", () => {
    const lines = issuesOf(
      environments(`production:
  follow: { tag: "", branch: main }
  deploy: auto
  require: { approval: { role: experts, count: 0 }, signed: maybe }
  freeze:
    - { from: soon, until: 2026-12-19, reason: x }
    - { from: 2026-12-20, until: 2026-12-19, reason: x }
    - { every: daily, for: 1h, reason: x }
    - { for: 1h }
mirrors:
  branches: [a b, "**"]
  runs: [9-1]
  channel: calibration
  jobs: 0
poll: often
hosts: {}
`),
    );
    const places = lines.map((line) => line.split(":").slice(1, 3).join(":"));
    expect(places).toEqual([
      "2:11",
      "2:18",
      "3:11",
      "4:32",
      "4:48",
      "4:61",
      "6:15",
      "7:34",
      "8:16",
      "9:7",
      "9:7",
      "11:14",
      "12:9",
      "13:12",
      "14:9",
      "15:7",
      "16:1",
    ]);
  });
});

describe("the rules in force", () => {
  const read = (files: Written) => readRules(new Map(Object.entries(files)), KINDS);
  const GOOD = { "environments.yaml": 'production: { follow: { tag: "v*" } }\n', "people.yaml": PEOPLE };

  test("are those of the whole configuration", () => {
    expect(read(GOOD)).toEqual(configAndRules(GOOD));
    expect(read({})).toEqual({ rules: DEFAULT_RULES, people: {}, rights: STANDARD });
  });

  test("hold where everything else is broken", () => {
    const reading = read({ ...GOOD, "calops.yaml": "[", "workflows/t0/workflow.yaml": "{" });
    expect(reading).toEqual(read(GOOD));
  });

  test("do not hold where they or the people are broken, and every mistake in both is told", () => {
    const broken = {
      "environments.yaml": "production: { follow: { tag: 5 }, require: { approval: nobody } }\n",
      "people.yaml": "people: { ann: { nam: Ann } }\n",
    };
    expect(read(broken).issues?.map(({ file, line, column }) => [file, line, column])).toEqual([
      ["environments.yaml", 1, 30],
      ["environments.yaml", 1, 56],
      ["people.yaml", 1, 18],
    ]);
  });

  test("are told of nothing about roles where the people cannot be read at all", () => {
    const broken = {
      "environments.yaml": "production: { require: { approval: expert, signed: true } }\n",
      "people.yaml": "people: [\n",
    };
    expect(new Set(read(broken).issues?.map(({ file }) => file))).toEqual(new Set(["people.yaml"]));
  });

  function configAndRules(files: Written) {
    const { environments: rules, people, rights } = configOf({ "calops.yaml": "experiment: D\n", ...files });
    return { rules, people, rights };
  }
});

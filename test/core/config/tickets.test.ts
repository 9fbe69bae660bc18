import { expect, test } from "vitest";
import { KINDS } from "../../../src/compose/kinds.ts";
import { formatIssue } from "../../../src/core/config/issue.ts";
import { readConfig } from "../../../src/core/config/read-config.ts";

const read = (tickets: string) =>
  readConfig(
    {
      texts: new Map([
        ["calops.yaml", `experiment: Driftwood\ntickets: ${tickets}\n`],
        ["people.yaml", "people: { mira: { name: Mira } }\n"],
      ]),
      programs: new Map(),
    },
    KINDS,
  );

test("a tracker is one of three, with its options and what it calls people", () => {
  const { config } = read("{ github: { repository: belle2/calib, token: { secret: T } }, accounts: { mira: mlind } }");
  expect(config?.tickets).toMatchObject({
    kind: "github",
    options: { repository: "belle2/calib", token: { secret: "T" } },
    accounts: { mira: "mlind" },
  });
});

test.each([
  ["{}", "calops.yaml:2:10: "],
  ["{ github: { repository: calib, token: { secret: T } } }", "not a repository; write owner/name"],
  ["{ jira: { url: 'http://jira.x.org', project: CALIB, token: { secret: T } } }", "not encrypted"],
  ["{ jira: { url: 'https://jira.x.org', project: calib, token: { secret: T } } }", "not the key of a project"],
  ["{ gitlab: { project: a/b, token: { secret: T } }, accounts: { jun: x } }", "nobody is called jun; write mira"],
])("%s is a mistake", (tickets, issue) => {
  expect(read(tickets).issues?.map(formatIssue).join("\n")).toContain(issue);
});

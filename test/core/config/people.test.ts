import { expect, test } from "vitest";
import { issuesOf } from "./reading.ts";

const issues = (people: string) => issuesOf({ "calops.yaml": "experiment: D\n", "people.yaml": `people:\n${people}` });

test("an account is one person's", () => {
  expect(
    issues(`  ann: { name: Ann, accounts: { slack: U012AB3CD } }
  ben: { name: Ben, accounts: { slack: U012AB3CD, mattermost: fk5sr1mxufbnbkjpzwr6ynyugc } }
`),
  ).toEqual(["people.yaml:3:40: this account is ann's too; leave it to the one who uses it"]);
});

test("an account is called what the chat calls it: a name could be anybody's tomorrow", () => {
  expect(
    issues(`  ann: { name: Ann, accounts: { slack: ann, mattermost: "@ann" } }
  ben: { name: Ben, accounts: { slcak: U012AB3CD, irc: ben } }
`),
  ).toEqual([
    "people.yaml:2:40: not an account that nobody else can take; write what whoami shows there, like U012AB3CD",
    "people.yaml:2:57: not an account that nobody else can take; write what whoami shows there, like fk5sr1mxufbnbkjpzwr6ynyugc",
    'people.yaml:3:33: unknown key "slcak"; write slack',
    'people.yaml:3:51: unknown key "irc"; known here: slack, mattermost',
  ]);
});

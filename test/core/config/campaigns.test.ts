import { describe, expect, test } from "vitest";
import { configOf, issuesOf, oneWorkflow } from "./reading.ts";

const PEOPLE = {
  "people.yaml": "people: { ann: { name: Ann, roles: [cdc-expert] }, ben: { name: Ben, roles: [manager] } }\n",
};
const TAG = "description: x\ntypes: { t0: { description: y } }\n";
const TAGS = { "tags/prompt.yaml": TAG, "tags/stage.yaml": TAG, "tags/local.yaml": TAG };
const of = (text: string) =>
  oneWorkflow("tasks: { fit: { run: [fit] } }\n", { ...PEOPLE, ...TAGS, "campaigns/proc8.yaml": text });

describe("a campaign", () => {
  test("is what is written", () => {
    const { campaigns } = configOf(
      of(`kind: reprocessing
runs: 1-9
release: v1.3
tag: prompt
snapshot: true
tags: { target: prompt, staging: { t0: stage }, from: prompt }
attempt: 2
label: "p.\${attempt}-\${release}"
start: manual
experts: { t0: cdc-expert }
manager: manager
executor: local
keep: 2
tickets: true
`),
    );
    expect(campaigns["proc8"]).toMatchObject({
      name: "proc8",
      snapshot: true,
      tags: { target: "prompt", staging: { t0: "stage" }, from: "prompt" },
      attempt: 2,
      label: "p.${attempt}-${release}",
      start: "manual",
      experts: { t0: "cdc-expert" },
      manager: "manager",
      executor: "local",
      keep: 2,
      tickets: true,
    });
  });

  test("may name one staging tag, or several", () => {
    const staging = (text: string) =>
      configOf(of(`kind: prompt\ntags: { staging: ${text} }\n`)).campaigns["proc8"]?.tags?.staging;
    expect(staging("stage")).toEqual(["stage"]);
    expect(staging("[local, stage]")).toEqual(["local", "stage"]);
  });

  test.each([
    ["label: p.${nope}", "2:10: unknown ${nope}; write one of campaign, attempt, release, tag"],
    [
      "label: a/b",
      '2:8: the label would be "a/b"; write one of letters, digits, dots, hyphens, _ and +, at most 80: it stands in names of files',
    ],
    ["release: a b\nlabel: p-${release}", '3:8: the label would be "p-a b"'],
    ["experts: { nope: ann }", "2:18: nope is no workflow of this campaign; write t0"],
    ["experts: { t0: nobody }", "2:16: no person or role is called nobody"],
    ["workflows: []\nexperts: { t0: ann }", "3:16: t0 is no workflow of this campaign"],
    ["manager: nobody", "2:10: no person or role is called nobody"],
    ["executor: farm", "2:11: no executor is called farm; write local"],
    ["tags: { target: promt }", "2:17: there is no global tag promt; write prompt"],
    ["tags: { staging: [stage, nope] }", "2:26: there is no global tag nope"],
    ["tags: { staging: nope }", "2:18: there is no global tag nope"],
    ["tags: { staging: { reco: stage } }", "2:26: reco is no workflow of this campaign"],
    ["tags: { staging: { t0: nope } }", "2:24: there is no global tag nope"],
    ["tags: { from: nope }", "2:15: there is no global tag nope"],
    [
      "tags: { target: stage, staging: [local, stage] }",
      "2:17: stage is a staging tag of this campaign, too; write the tag that the staging tags are merged into",
    ],
    ["start: manual\nsnapshot: true", "3:11: there is no tag to take a copy of; add tag, or leave snapshot out"],
    ["tag: prompt\nsnapshot: true", "3:11: the copy is made when the campaign is started"],
    ["start: later", '2:8: "later" is not known'],
    ["attempt: 0", "2:10: too small; write 1 or more"],
    ["keep: -1", "2:7:"],
    [
      "tags: { staging: 5 }",
      "2:18: not staging tags; write the name of a tag, a list of them, or workflow: tag for each workflow",
    ],
    ["tags: { target: 'a b' }", "2:17: not the name of a tag"],
  ])("%s is a mistake", (text, words) => {
    const issues = issuesOf(of(`kind: prompt\n${text}\n`));
    expect(issues.map((line) => line.replace("campaigns/proc8.yaml:", ""))).toEqual([expect.stringContaining(words)]);
  });
});

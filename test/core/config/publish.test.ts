import { describe, expect, test } from "vitest";
import { issuesOf } from "./reading.ts";

const TAG = "description: A tag\ntypes: { t0: { description: Time zero }, gain: { description: Gains } }\n";
const filesWith = (task: string, more: Readonly<Record<string, string>> = {}, workflow = "") => ({
  "calops.yaml": "experiment: Test\n",
  "tags/staging.yaml": TAG,
  "tags/prompt.yaml": TAG,
  "campaigns/prompt.yaml": "kind: prompt\ntag: prompt\ntags: { staging: staging, target: prompt }\n",
  "workflows/t0/workflow.yaml": `description: T0\nowner: ann\n${workflow}tasks:\n  a:\n    run: ["true"]\n    ${task}\n`,
  ...more,
});
const mistakes = (...of: Parameters<typeof filesWith>) => issuesOf(filesWith(...of));

describe("what a task gives to tags and takes from them", () => {
  test.each([
    "publish: { payload: t0, tag: staging }",
    "publish: { payload: [t0, gain], tag: target, wait: 30m, late: leave-out, holds: runs }",
    "constants: { tag: tag, payloads: t0, when: from-run }",
    "locks: [{ conditions: { tag: prompt, payloads: [t0], when: newer } }]",
  ])("%s", (task) => {
    expect(mistakes(task)).toEqual([]);
  });

  test.each([
    ["publish: { payload: t1, tag: staging }", /the tag staging has no payload type t1; write t0/],
    ["publish: { payload: [t0, t0], tag: staging }", /t0 stands here twice; write it once/],
    ["publish: { payload: t0, tag: stagging }", /there is no global tag stagging; write staging/],
    ["publish: { payload: t0, tag: staging, late: never }", /not what happens then; write publish or leave-out/],
    ["constants: { tag: prompt, payloads: t0, when: newer }", /not how they are to hold; write valid or from-run/],
    ["locks: [{ conditions: { tag: prompt, payloads: [] } }]", /no payload type; name at least one/],
    ['env: { X: "${conditions.t0}" }', /conditions\.t0/],
  ])("%s is a mistake", (task, mistake) => {
    expect(mistakes(task)).toEqual([expect.stringMatching(mistake)]);
  });

  test("is told of a campaign that has no such tag, or not its types", () => {
    const task = "publish: { payload: t0, tag: staging }";
    const bare = { "campaigns/rereco.yaml": "kind: reprocessing\n" };
    expect(mistakes(task, bare)).toEqual([
      expect.stringMatching(
        /the campaign rereco, which carries runs through this workflow, names no staging; add it to/,
      ),
    ]);
    const elsewhere = { "campaigns/rereco.yaml": "kind: reprocessing\nworkflows: []\n" };
    expect(mistakes(task, elsewhere)).toEqual([]);
    const other = { "tags/staging.yaml": "description: A tag\ntypes: { gain: { description: Gains } }\n" };
    expect(mistakes(task, other)).toEqual([expect.stringMatching(/the tag staging has no payload type t0/)]);
  });

  test("by the clock has no runs that constants could hold for", () => {
    expect(mistakes("publish: { payload: t0, tag: staging }", {}, 'schedule: "0 6 * * *"\n')).toEqual([
      expect.stringMatching(/what is published holds for runs, and this workflow has none/),
    ]);
  });
});

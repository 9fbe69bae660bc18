import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimate, type TaskWish } from "../../../src/core/campaign/estimate.ts";
import { groupsOf } from "../../../src/core/campaign/groups-of.ts";
import { type CampaignRequest, fileOf, yamlOf } from "../../../src/core/campaign/request.ts";
import { stagingTags } from "../../../src/core/campaign/tags.ts";
import { aRun } from "../../contracts/things.ts";
import { configOf, issuesOf, oneWorkflow, workflowOf } from "../config/reading.ts";

const REQUEST: CampaignRequest = {
  name: "proc9",
  kind: "reprocessing",
  runs: [{ from: 10, to: 20 }],
  staging: [],
  workflows: [],
  snapshot: false,
};
const read = (request: CampaignRequest) =>
  configOf(oneWorkflow("tasks: { fit: { run: [fit] } }\n", { [fileOf(request)]: yamlOf(request) })).campaigns["proc9"];

describe("what is asked for", () => {
  test("is a file that says just that, and that it is to be started by hand", () => {
    expect(
      yamlOf({
        ...REQUEST,
        runs: [
          { from: 10, to: 20 },
          { from: 30, to: 30 },
        ],
        release: "24.10",
        executor: "local",
        staging: ["a", "b"],
        target: "prompt",
        workflows: ["t0"],
        tag: "prompt",
        manager: "ann",
        snapshot: true,
        description: "once: more # please",
      }),
    ).toBe(`description: "once: more # please"
kind: reprocessing
workflows: [t0]
runs: ["10-20", "30"]
release: "24.10"
tag: prompt
snapshot: true
tags: { target: prompt, staging: [a, b] }
executor: local
manager: ann
start: manual
`);
  });

  test("is read as what was typed, whatever that is", () => {
    const text = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("yes", "1.0", "null", "a: b", "[x", "*a", "\u2028", "'", '"'),
    );
    fc.assert(
      fc.property(text, text, fc.boolean(), (release, description, snapshot) => {
        const found = read({ ...REQUEST, release, description, snapshot, tag: "prompt", staging: ["a", "b"] });
        expect(found).toMatchObject({
          release,
          description,
          snapshot,
          tag: "prompt",
          runs: REQUEST.runs,
          start: "manual",
        });
        expect(found && stagingTags(found)).toEqual(["a", "b"]);
      }),
    );
  });

  test("may have a staging tag for each workflow", () => {
    expect(read({ ...REQUEST, staging: ["t0:stage"] })?.tags?.staging).toEqual({ t0: "stage" });
    expect(read({ ...REQUEST, staging: ["stage"] })?.tags?.staging).toEqual(["stage"]);
    const mixed = { ...REQUEST, staging: ["t0:stage", "other"] };
    const issues = issuesOf(oneWorkflow("tasks: { fit: { run: [fit] } }\n", { [fileOf(mixed)]: yamlOf(mixed) }));
    expect(issues.join()).toContain("not the name of a tag");
  });

  test("that is wrong is found as in any file", () => {
    const request = { ...REQUEST, executor: "farm", workflows: ["nope"] };
    const issues = issuesOf(oneWorkflow("tasks: { fit: { run: [fit] } }\n", { [fileOf(request)]: yamlOf(request) }));
    expect(issues.map((line) => line.replace(/^[^ ]+ /, ""))).toEqual([
      "there is no workflow nope; write t0",
      "no executor is called farm; write local",
    ]);
  });
});

describe("an estimate", () => {
  const HOUR = 3_600_000;
  const history = { tasks: 2, jobs: 8, cpuMs: 16 * HOUR, runMs: 8 * HOUR, taskMs: 4 * HOUR };
  const wish = (more: Partial<TaskWish> = {}): TaskWish => ({
    workflow: "t0",
    task: "fit",
    count: 10,
    jobs: undefined,
    history,
    executor: "local",
    ...more,
  });

  test("takes as many jobs and hours as there were, and as long as the places last", () => {
    expect(estimate([wish()], () => 4)).toEqual({ tasks: 10, jobs: 40, coreHours: 80, wallMs: 10 * HOUR, unknown: [] });
  });

  test("takes the jobs that the configuration says, where it does", () => {
    expect(estimate([wish({ jobs: 1 })], () => 4)).toMatchObject({ jobs: 10, coreHours: 20, wallMs: 2.5 * HOUR });
  });

  test("is not shorter than one group takes, whose tasks follow each other", () => {
    const tasks = [wish(), wish({ task: "check" }), wish({ workflow: "ecl" })];
    expect(estimate(tasks, () => undefined).wallMs).toBe(4 * HOUR);
    expect(estimate(tasks, () => 1_000).wallMs).toBe(4 * HOUR);
  });

  test("counts what was never done, and says that it does not know it", () => {
    expect(estimate([wish(), wish({ task: "new", history: undefined, jobs: 3 })], () => 4)).toMatchObject({
      tasks: 20,
      jobs: 70,
      coreHours: 80,
      unknown: ["t0/new"],
    });
    expect(estimate([wish({ history: undefined })], () => 4)).toMatchObject({ coreHours: 0, wallMs: null });
    expect(estimate([], () => 4)).toEqual({ tasks: 0, jobs: 0, coreHours: 0, wallMs: null, unknown: [] });
  });
});

describe("the groups that would be made", () => {
  const config = configOf(oneWorkflow("tasks: { fit: { run: [fit] } }\n"));
  const count = (head: string, runs: Parameters<typeof aRun>[1][]) =>
    groupsOf(
      config,
      workflowOf(`${head}tasks: { fit: { run: [fit] } }\n`),
      runs.map((more, index) => aRun(index + 1, more)),
    ).groups;
  const fills = [7, 7, 8, undefined].map((fill) => ({ attributes: fill === undefined ? {} : { fill } }));

  test.each([
    ["", fills, 4],
    ["select: run.fill == 7\n", fills, 2],
    ["group: fill\n", fills, 2],
    ["group: { runs: 3 }\n", fills, 2],
    ["group: { luminosity: 10 }\n", [6, 6, 6].map((luminosity) => ({ attributes: { luminosity } })), 2],
    ["group: { luminosity: 1 }\n", [6, 6].map((luminosity) => ({ attributes: { luminosity } })), 2],
    ["schedule: 0 6 * * *\n", fills, 0],
  ])("%j of %j are %i", (head, runs, expected) => {
    expect(count(head, runs)).toBe(expected);
  });
});

import { describe, expect, test } from "vitest";
import { lockedOn, stagesOn, toBeSigned } from "../../../src/core/config/locked-on.ts";
import { configOf, issuesOf, oneWorkflow } from "./reading.ts";

const calops = (stages: string) => ({
  "calops.yaml": `experiment: Driftwood\nruns: { attributes: { files: int, on_tape: int } }\nstages: ${stages}\n`,
});
const FIT = "tasks: { fit: { run: [fit] }, reco: { run: [reco], locks: [{ stage: raw }] } }\n";

describe("a data set", () => {
  test("is an expression over runs, or says more", () => {
    const stages =
      '{ raw: run.on_tape == run.files, done: { of: campaign, tasks: [t0/fit], owner: ann, what: "fits" } }';
    expect(configOf(oneWorkflow(FIT, calops(stages))).stages).toMatchObject({
      raw: { name: "raw", what: "raw", owner: "data taking", of: "group", tasks: [] },
      done: { what: "fits", owner: "ann", of: "campaign", runs: undefined, tasks: [{ workflow: "t0", task: "fit" }] },
    });
  });

  test.each([
    ["{}", "workflows/t0/workflow.yaml:3:69: calops.yaml declares no data set raw under stages"],
    ["{ raw: run.on_tap == 1 }", "calops.yaml:3:20: runs have no attribute on_tap"],
    ["{ raw: {} }", "calops.yaml:3:16: nothing is asked; write runs: EXPRESSION, tasks: [t0/calibrate], or both"],
    ["{ raw: { tasks: [t1] } }", "calops.yaml:3:26: there is no task or workflow t1; write t0"],
    ["{ raw: { tasks: [t0], of: run } }", "calops.yaml:3:35: "],
  ])("%s is a mistake", (stages, issue) => {
    const [first = "", ...others] = issuesOf(oneWorkflow(FIT, calops(stages)));
    expect(first).toContain(issue);
    expect(others).toEqual([]);
  });

  test("of a group is nothing for a workflow without runs", () => {
    const files = oneWorkflow(`schedule: 0 6 * * *\n${FIT}`, calops("{ raw: run.files > 0 }"));
    expect(issuesOf(files)).toEqual([
      expect.stringContaining("raw is about the runs of a group, and this workflow has none"),
    ]);
  });
});

describe("locks", () => {
  const config = configOf({
    ...calops("{ here: { tasks: [t0] }, all: { of: campaign, tasks: [t0/fit] } }"),
    "workflows/t0/workflow.yaml": `description: x
owner: ann
tasks:
  fit: { run: [fit], signoff: { role: ann } }
  check: { needs: [fit], run: [check] }
`,
    "workflows/reco/workflow.yaml": `description: x
owner: ann
tasks:
  make: { run: [make], locks: [{ stage: here }, { stage: all }] }
  bulk: { run: [bulk], locks: [{ released: { after: 48h, early: true } }] }
  dst: { needs: [bulk], run: [dst], signoff: { role: ann } }
`,
  });

  test("may open when a task ends that they are about", () => {
    const fit = { workflow: "t0", task: "fit" };
    expect(
      lockedOn(config, fit)
        .map(({ task }) => task)
        .sort(),
    ).toEqual(["bulk", "make"]);
    expect(stagesOn(config, fit)).toEqual(["all"]);
    expect(stagesOn(config, { workflow: "t0", task: "check" })).toEqual([]);
  });

  test("ask for what declares a sign-off, but not for what waits behind them", () => {
    expect(toBeSigned(config, { early: "all" }, "prompt")).toEqual([{ workflow: "t0", task: "fit" }]);
    expect(toBeSigned(config, { early: [{ workflow: "t0" }] }, "prompt")).toEqual([{ workflow: "t0", task: "fit" }]);
    expect(toBeSigned(config, { early: [{ workflow: "t0", task: "check" }] }, "prompt")).toHaveLength(1);
    expect(toBeSigned(config, { early: undefined }, "prompt")).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { compile, type Expression, scope } from "../../../src/core/expression/expression.ts";
import { judgeStage, type Stage, type StageFacts } from "../../../src/core/stage/stage.ts";

const STAGE: Stage = {
  name: "raw",
  what: "raw files on tape",
  owner: "data handling",
  of: "group",
  runs: compile("run.on_tape == run.files", scope({}, { on_tape: "int", files: "int" }), "bool") as Expression,
  tasks: [],
};
const NEED = { workflow: "t0", task: "calibrate" };
const run = (number: number, values: Record<string, unknown>) => ({ number, values });
const judged = (stage: Partial<Stage>, facts: Partial<StageFacts>) =>
  judgeStage({ ...STAGE, ...stage }, { runs: [], tasks: [], ...facts });

describe("a data set", () => {
  test.each<[string, Partial<Stage>, Partial<StageFacts>, string]>([
    ["of no run is not complete", {}, {}, "it has no runs yet"],
    [
      "lacks runs for which it does not hold, and those of which it is not known",
      {},
      { runs: [run(1, { on_tape: 2, files: 2 }), run(2, { on_tape: 1, files: 2 }), run(3, { on_tape: 2 })] },
      "run.on_tape == run.files does not hold for runs 2, 3 of 3 runs",
    ],
    [
      "of which no run has the task",
      { runs: undefined },
      { tasks: [{ need: NEED, on: [] }] },
      "no run of it has t0/calibrate",
    ],
    [
      "counts a run once, whatever it is in",
      { runs: undefined },
      {
        tasks: [
          {
            need: NEED,
            on: [
              { run: 1, state: "done" },
              { run: 2, state: "failed" },
              { run: 2, state: "awaiting-signoff" },
              { run: 3, state: "skipped" },
            ],
          },
        ],
      },
      "t0/calibrate is not done for run 2 of 3 runs",
    ],
  ])("%s", (_, stage, facts, detail) => {
    expect(judged(stage, facts)).toEqual({ state: "closed", detail });
  });

  test("is complete when everything that is asked holds", () => {
    const tasks = [{ need: NEED, on: [{ run: 1, state: "done" as const }] }];
    expect(judged({}, { runs: [run(1, { on_tape: 2, files: 2 })], tasks })).toMatchObject({ state: "open" });
  });
});

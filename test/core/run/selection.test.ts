import { describe, expect, test } from "vitest";
import { selectionOf } from "../../../src/core/run/selection.ts";
import type { Workflow } from "../../../src/core/workflow/workflow.ts";
import { aRun } from "../../contracts/things.ts";
import { configOf, oneWorkflow } from "../config/reading.ts";

const TYPES = `physics: { filter: run.type == "physics", workflows: [t0] }
good: { filter: run.type == "cosmics" && run.luminosity > 2, workflows: [t0] }
other: { filter: run.type == "test", workflows: [dst] }
`;
const TASKS = "tasks: { fit: { run: [fit] } }\n";
const DST = { "workflows/dst/workflow.yaml": `description: x\nowner: ann\n${TASKS}` };

function selected(attributes: Record<string, unknown>, select?: string, runTypes: string | undefined = TYPES) {
  const config = configOf({
    ...oneWorkflow(`${select === undefined ? "" : `select: ${select}\n`}${TASKS}`, DST),
    ...(runTypes === "" ? {} : { "runtypes.yaml": runTypes }),
  });
  return selectionOf(config, config.workflows["t0"] as Workflow, aRun(1, { attributes }));
}

describe("a workflow takes a run", () => {
  test("that one of its run types lets through, whatever the others still wait to know", () => {
    expect(selected({ type: "physics" })).toEqual({ taken: true });
    expect(selected({ type: "cosmics", luminosity: 3 })).toEqual({ taken: true });
  });

  test("that its own select lets through too", () => {
    expect(selected({ type: "physics", luminosity: 3 }, "run.luminosity > 2")).toEqual({ taken: true });
  });

  test("of any type where no types are declared", () => {
    expect(selected({}, undefined, "")).toEqual({ taken: true });
  });
});

describe("a workflow does not take a run, and it is said why", () => {
  test.each<[string, Record<string, unknown>, string | undefined, string | undefined, string]>([
    ["of none of its types", { type: "test" }, undefined, TYPES, "it is of none of the run types physics, good"],
    [
      "against its select",
      { type: "physics", luminosity: 1 },
      "run.luminosity > 2",
      TYPES,
      "select: run.luminosity > 2",
    ],
    [
      "when no type activates it",
      { type: "physics" },
      undefined,
      "other: { filter: 'true', workflows: [dst] }\n",
      "no run type activates the workflow",
    ],
  ])("%s", (_name, attributes, select, types, why) => {
    expect(selected(attributes, select, types)).toEqual({ taken: false, why });
  });

  test("of another type even while its select is not decided", () => {
    expect(selected({ type: "test" }, "run.luminosity > 2")).toMatchObject({ taken: false });
  });
});

describe("whether a workflow takes a run is not decided", () => {
  test.each<[string, Record<string, unknown>, string | undefined, string]>([
    ["while its type is not known", {}, undefined, "type is not known yet"],
    ["while what a type asks for is not known", { type: "cosmics" }, undefined, "luminosity is not known yet"],
    [
      "while what its select asks for is not known",
      { type: "physics" },
      "run.luminosity > 2",
      "luminosity is not known yet",
    ],
  ])("%s", (_name, attributes, select, why) => {
    expect(selected(attributes, select)).toEqual({ taken: undefined, why });
  });

  test("but what its select refuses is refused, whatever its type", () => {
    expect(selected({ luminosity: 1 }, "run.luminosity > 2")).toMatchObject({ taken: false });
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import { startHarness } from "../engine/harness.ts";
import { configOf } from "../engine/workflow-text.ts";
import { sketchPainter } from "../fakes/sketch-painter.ts";
import { aSeason, giveToResting, OPEN_FILL, type Season } from "./a-season.ts";

let season: Season;
beforeAll(async () => {
  season = await aSeason();
});
afterAll(() => season.harness.stop());

const lines = async (line: string) => (await season.give(line)).text.split("\n");

describe("chart overview", () => {
  test("shows the runs and tasks, and says the same in words", async () => {
    expect(await lines("chart overview")).toEqual([
      "5 runs, 1 to 5, in production: 15 tasks, 8 held, 2 processing, 4 done, 1 failed.",
      "  [picture: Test: runs and tasks, 5 runs, 1 to 5]",
      "Failed:",
      "  - task 5, t0/calibrate of 2",
    ]);
  });

  test("gives the same as data, in which a group of several runs is under each of them", async () => {
    const { data } = await season.give("chart overview --runs 2 --json");
    expect(data).toMatchObject({
      runs: [4, 5],
      rows: [
        { workflow: "t0", task: "calibrate", cells: [{ state: "processing" }, { state: "processing" }] },
        { workflow: "t0", task: "fit", cells: [{ state: "held" }, { state: "held" }] },
        {
          workflow: "reco",
          task: "make",
          cells: [
            { run: 4, state: "held" },
            { run: 5, state: "held" },
          ],
        },
        { workflow: "sum", task: "add", cells: [{ id: OPEN_FILL, group: "fill-7" }, { id: OPEN_FILL }] },
      ],
    });
  });

  test("leaves out what a campaign has not, and says which campaigns there are", async () => {
    expect(await lines("chart overview --campaign rereco")).toEqual([
      "No run is in the campaign rereco yet. inject brings runs into a campaign.",
    ]);
    expect(await lines("chart overview --campaign rerecco")).toEqual([
      "There is no campaign rerecco; there are prompt, rereco.",
    ]);
    const { data } = await season.give("chart overview --campaign prompt --json");
    expect(data).toMatchObject({ campaign: "prompt", runs: [1, 2, 3, 4, 5] });
  });

  test("draws nothing for a program, and goes on in words when there is no picture", async () => {
    const painter = sketchPainter();
    const { queries } = season.harness.store;
    await giveToResting(season.harness, "chart overview --json", { queries, painter });
    expect(painter.drawings).toEqual([]);
    const broken = { ...painter, paint: async () => ({ ok: false, why: "it took longer than 15 seconds" }) as const };
    const { ok, text } = await giveToResting(season.harness, "chart overview", { painter: broken });
    expect(ok).toBe(true);
    expect(text).toContain("There is no picture: it took longer than 15 seconds. The same command with --json gives");
    expect(text).toContain("15 tasks");
  });
});

describe("chart WORKFLOW METRIC", () => {
  test("shows a metric over the groups, and says the same in words", async () => {
    expect(await lines("chart t0 shift --task calibrate")).toEqual([
      "shift of t0/calibrate, 5 groups, 1 to 5, in production:",
      "  [picture: shift of t0/calibrate, 5 groups, 1 to 5]",
      "  newest           3.12346 (3)",
      "  least            3.12346 (1)",
      "  most             3.12346 (3)",
      "  values           2",
      "  without a value  3 groups: 5, 4, 2",
      "  failed           1 group: 2",
    ]);
  });

  test("gives the series as data", async () => {
    const { data } = await season.give("chart t0 shift --task calibrate --runs 3 --json");
    expect(data).toMatchObject({
      metric: "shift",
      points: [
        { group: "3", state: "done", value: 3.123456789, stale: false, endedAt: "2026-11-24T12:00:00.000Z" },
        { group: "4", state: "processing", value: null, endedAt: null },
        { group: "5", state: "processing", value: null, endedAt: null },
      ],
    });
  });

  test.each([
    ["chart x shift", "There is no workflow x; write one of"],
    ["chart t0 shift", "Several tasks of t0 write shift: calibrate, fit. Say which: chart t0 shift --task calibrate."],
    ["chart t0 shift --task calibrat", "The workflow t0 has no task calibrat; write calibrate."],
    [
      "chart t0 shfit",
      "No result of the workflow t0 has a metric shfit; write shift. There are:\n  calibrate  shift\n  fit        shift",
    ],
    ["chart t0", "Which metric? The results of the workflow t0 have:\n  calibrate  shift\n  fit        shift"],
    [
      "chart reco shift",
      "No result of the workflow reco has a metric yet. Jobs write them into metrics.json in $CALOPS_OUT.",
    ],
    [
      "chart t0 shift --task fit --campaign rereco",
      "No result of t0/fit has a metric yet, campaign rereco. Jobs write",
    ],
  ])("%s: says what there is instead", async (line, told) => {
    const { ok, text } = await season.give(line);
    expect(ok).toBe(false);
    expect(text).toContain(told);
  });

  test("compares the values with what the configuration asks for, and marks those of other times", async () => {
    const harness = await startHarness({
      files: configOf({
        t0: 'tasks: { fit: { run: ["true"], repeat: { until: metrics.shift < 10 && metrics.other > 1, max: 1, otherwise: accept } } }\n',
      }),
      script: ({ facts: { run } }) => ({
        outputs: { "metrics.json": `{"shift": ${run?.number === 2 ? 12 : 4}, "other": 0}` },
      }),
    });
    await harness.take({ run: 3 }, { run: 1 }, { run: 2 });
    await harness.take({ run: 1, luminosity: 2 });
    const answer = await harness.command("chart t0 shift");
    const text = renderBlocks(answer.say, { width: 200, now: harness.clock.now(), zone: "UTC" });
    await harness.stop();
    expect(text).toContain("3 groups, 1 to 3");
    expect(text).toContain("most                12 (2)");
    expect(text).toContain("stale               1 group: 1");
    expect(text).toContain("metrics.shift < 10  not met by 1 group: 2");
    expect(text).not.toContain("other");
  });
});

import { describe, expect, test } from "vitest";
import type { Written } from "../config/reading.ts";
import { edit, edited, planned, RECONSTRUCTION, REPOSITORY, T0, under } from "./planning.ts";

const LOOSER = "Thresholds that are looser:";
const OTHERS = "Thresholds that are others:";
const STRICTER = "Thresholds that are stricter:";
const WORKFLOWS = "Workflows:";

describe("of thresholds it is told", () => {
  test.each<[string, string, Written, string[]]>([
    [
      "that one is gone",
      LOOSER,
      edit(T0, " && metrics.chi2 < 2", ""),
      ["repeat.until of t0/calibrate: metrics.chi2 < 2 is not asked any more"],
    ],
    [
      "that all are gone",
      LOOSER,
      edit(T0, "until: metrics.max_shift_ps < 10 && metrics.chi2 < 2, ", ""),
      ["repeat.until of t0/calibrate: metrics.max_shift_ps < 10 && metrics.chi2 < 2 is not asked any more"],
    ],
    [
      "that what does not meet it is accepted",
      LOOSER,
      edit(T0, "max: 5", "max: 5, otherwise: accept"),
      ["repeat.otherwise of t0/calibrate: fail -> accept"],
    ],
    [
      "that more runs are taken",
      LOOSER,
      edit(T0, "> 500", "> 100"),
      ["select of t0: run.events > 500 -> run.events > 100"],
    ],
    [
      "that fewer runs are taken",
      STRICTER,
      edit(T0, "> 500", "> 900"),
      ["select of t0: run.events > 500 -> run.events > 900"],
    ],
    [
      "that every run is taken",
      LOOSER,
      edit(T0, "select: run.events > 500\n", ""),
      ["select of t0: run.events > 500 is not asked any more"],
    ],
    [
      "that other runs are taken",
      OTHERS,
      edit(T0, "run.events > 500", 'run.quality == "good"'),
      ['select of t0: run.events > 500 -> run.quality == "good"'],
    ],
    [
      "that it is written otherwise",
      "Thresholds that are written otherwise and ask the same:",
      edit(T0, "run.events > 500", "500 < run.events"),
      ["select of t0: run.events > 500 -> 500 < run.events"],
    ],
    [
      "that a workflow never pauses itself",
      LOOSER,
      edit(T0, "quota: 2GB", "quota: 2GB\npause-after: never"),
      ["pause-after of t0: 15 failures of 20 jobs -> never"],
    ],
    [
      "that it pauses itself later",
      LOOSER,
      edit(T0, "quota: 2GB", "quota: 2GB\npause-after: { failures: 18, of: 20 }"),
      ["pause-after of t0: 15 failures of 20 jobs -> 18 failures of 20 jobs"],
    ],
    [
      "that it pauses itself sooner",
      STRICTER,
      edit(T0, "quota: 2GB", "quota: 2GB\npause-after: { failures: 15, of: 40 }"),
      ["pause-after of t0: 15 failures of 20 jobs -> 15 failures of 40 jobs"],
    ],
    [
      "that it pauses itself by another rule",
      OTHERS,
      edit(T0, "quota: 2GB", "quota: 2GB\npause-after: { failures: 30, of: 40 }"),
      ["pause-after of t0: 15 failures of 20 jobs -> 30 failures of 40 jobs"],
    ],
    [
      "that it pauses itself at once",
      OTHERS,
      edit(T0, "quota: 2GB", "quota: 2GB\npause-after: { failures: 1, of: 1 }"),
      ["pause-after of t0: 15 failures of 20 jobs -> 1 failure of 1 job"],
    ],
    ["that a lock opens sooner", LOOSER, edit(T0, "48h", "36h"), ["locks.delay of t0/calibrate: 2d -> 1d12h"]],
    [
      "that a lock is gone",
      LOOSER,
      edit(T0, "{ delay: 48h }, ", ""),
      ["locks.delay of t0/calibrate: 2d is not asked any more"],
    ],
    [
      "that nobody is asked any more",
      LOOSER,
      edit(T0, ', { ask: { what: conditions, url: "https://conditions/${group}", open: answer.ready == true } }', ""),
      ["locks.ask of t0/calibrate: conditions is not asked any more"],
    ],
    [
      "that a lock is new",
      STRICTER,
      edit(RECONSTRUCTION, "run: ./rec", "locks: [{ delay: 1h }], run: ./rec"),
      ["locks.delay of reconstruction/reconstruct: 1h is asked now"],
    ],
    [
      "that an answer opens sooner",
      LOOSER,
      edit(T0, "answer.ready == true", "answer.ready == true || answer.forced"),
      ['locks.ask "conditions" open of t0/calibrate: answer.ready == true -> answer.ready == true || answer.forced'],
    ],
    [
      "that a run type takes more",
      LOOSER,
      edit("runtypes.yaml", 'run.type == "physics"', '\'run.type in ["physics", "test"]\''),
      ['filter of run type physics: run.type == "physics" -> run.type in ["physics", "test"]'],
    ],
    [
      "that more numbers are real",
      LOOSER,
      edit("calops.yaml", "1000-1999", "[900-1500, 1501-2100]"),
      ["runs.numbers of calops.yaml: 1000-1999 -> 900-1500, 1501-2100"],
    ],
    [
      "that other numbers are real",
      OTHERS,
      edit("calops.yaml", "1000-1999", "1500-2999"),
      ["runs.numbers of calops.yaml: 1000-1999 -> 1500-2999"],
    ],
    [
      "that an attribute is not required",
      LOOSER,
      edit("calops.yaml", "[type, start]", "[type]"),
      ["runs.required of calops.yaml: start is not asked any more"],
    ],
    [
      "that records need not agree",
      LOOSER,
      edit("calops.yaml", "constant: [type]", "constant: []"),
      ["runs.constant of calops.yaml: type is not asked any more"],
    ],
    [
      "that a rule for runs is gone",
      LOOSER,
      edit("calops.yaml", ", { check: run.events >= 0, why: no events }", ""),
      ["runs.rules of calops.yaml: run.events >= 0 is not asked any more"],
    ],
    [
      "that a rule for runs is looser",
      LOOSER,
      edit("calops.yaml", 'duration("1m")', 'duration("10s")'),
      ['runs.rules of calops.yaml: run.duration > duration("1m") -> run.duration > duration("10s")'],
    ],
  ])("%s", (_name, title, after, expected) => {
    const lines = planned(REPOSITORY, after);
    expect(under(title, lines)).toEqual(expected);
    for (const other of [LOOSER, OTHERS, STRICTER].filter((one) => one !== title))
      expect(under(other, lines)).toEqual([]);
  });

  test("that fewer rounds accept sooner, where what does not meet it is accepted", () => {
    const accepting = edit(T0, "max: 5", "max: 5, otherwise: accept");
    const fewer = edited(accepting, [T0, "max: 5", "max: 2"]);
    expect(under(LOOSER, planned(accepting, fewer))).toEqual(["repeat.max of t0/calibrate: 5 -> 2"]);
    expect(under(STRICTER, planned(fewer, accepting))).toEqual(["repeat.max of t0/calibrate: 2 -> 5"]);
    expect(under(WORKFLOWS, planned(accepting, fewer))).toEqual([]);
    expect(under(STRICTER, planned(accepting, REPOSITORY))).toEqual([
      "repeat.otherwise of t0/calibrate: accept -> fail",
    ]);
  });
});

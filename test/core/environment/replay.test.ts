import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replayAskedFor } from "../../../src/core/environment/replay.ts";

const lines = (...text: string[]) => text.join("\n");
const INSTEAD = "write for example /calops replay 8215 8300-8310";

describe("a description of a pull request", () => {
  test.each<[string, string, { from: number; to: number }[]]>([
    ["a line of its own", lines("Finer binning", "", "/calops replay 8215", "Thanks"), [{ from: 8215, to: 8215 }]],
    [
      "runs and ranges",
      "/calops replay 8215 8300-8310",
      [
        { from: 8215, to: 8215 },
        { from: 8300, to: 8310 },
      ],
    ],
    [
      "commas between them",
      "/calops replay 1,2, 5-7",
      [
        { from: 1, to: 1 },
        { from: 2, to: 2 },
        { from: 5, to: 7 },
      ],
    ],
    [
      "several lines",
      lines("/calops replay 1", "/calops replay 2"),
      [
        { from: 1, to: 1 },
        { from: 2, to: 2 },
      ],
    ],
    ["lines as a browser sends them", "Binning\r\n  /calops  replay\t7 \r\nmore", [{ from: 7, to: 7 }]],
    ["a line behind code that only looks fenced", lines("```x``` is off", "/calops replay 7"), [{ from: 7, to: 7 }]],
    ["a line behind fenced code", lines("```sh", "x", "```", "/calops replay 7"), [{ from: 7, to: 7 }]],
  ])("asks for a replay by %s", (_name, text, runs) => {
    expect(replayAskedFor(text)).toEqual({ runs });
  });

  test.each([
    ["no such line", "Finer binning"],
    ["a sentence about it", "write /calops replay 8215 to try it"],
    ["a quotation", "> /calops replay 8215"],
    ["another command", "/calops replayed 8215"],
    ["fenced code", lines("```", "/calops replay 8215", "```")],
    ["fenced code in tildes with a language", lines("~~~ text", "/calops replay 8215", "~~~")],
    ["a fence that is never closed", lines("```", "/calops replay 8215")],
    ["fenced code about fenced code", lines("````", "```", "x", "```", "/calops replay 8215", "````")],
    ["a fence within one of the other kind", lines("```", "~~~", "/calops replay 8215", "~~~", "```")],
    ["a fence that looks closed", lines("```", "``` no", "/calops replay 8215", "```")],
    ["nothing at all", ""],
  ])("asks for nothing by %s", (_name, text) => {
    expect(replayAskedFor(text)).toBeUndefined();
  });

  test.each([
    ["/calops replay", "/calops replay names no runs"],
    ["/calops replay last", '"last" is no run or range of runs'],
    ["/calops replay 8215 8-1", '"8-1" is no run or range of runs'],
    [lines("/calops replay 8215", "/calops replay now"), '"now" is no run or range of runs'],
    [`/calops replay ${"x".repeat(100)}`, `"${"x".repeat(40)}" is no run or range of runs`],
  ])("that asks for something else is told what to write instead: %j", (text, problem) => {
    expect(replayAskedFor(text)).toEqual({ problem, instead: INSTEAD });
  });

  test("is read for what it is, whatever stands around the line", () => {
    const prose = fc.array(fc.string().filter((line) => !/calops|`{3}|~{3}|[\r\n]/.test(line)));
    fc.assert(
      fc.property(prose, prose, fc.nat(99_999), (above, below, run) => {
        expect(replayAskedFor(lines(...above, `/calops replay ${run}`, ...below))).toEqual({
          runs: [{ from: run, to: run }],
        });
        expect(replayAskedFor(lines(...above, ...below))).toBeUndefined();
      }),
    );
  });
});

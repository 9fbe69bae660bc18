import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largest, readOutputs } from "../../../src/core/job/outputs.ts";

const read = (texts: { metrics?: string; outputs?: string; present?: string[] }) =>
  readOutputs({ metrics: texts.metrics, outputs: texts.outputs, present: texts.present ?? [] });
const problem = (texts: Parameters<typeof read>[0]) => read(texts).problem;

describe("what a job leaves in $CALOPS_OUT", () => {
  test("may be nothing", () => {
    expect(read({})).toEqual({ outputs: { metrics: {}, files: [], payloads: [], verdict: null } });
  });

  test("is every file that is there, where it writes no list, but for the two that calops reads itself", () => {
    const present = ["metrics.json", "t0.json", "plots/shift.svg", "outputs.json"];
    expect(read({ present }).outputs?.files).toEqual([{ path: "t0.json" }, { path: "plots/shift.svg" }]);
  });

  test("is what it lists, with its metadata, where it writes a list", () => {
    const outputs = JSON.stringify({
      files: ["a.root", { path: "b.root", events: 12, sector: "barrel" }],
      payloads: [{ type: "t0", path: "c.root", from: 8215, until: "8230.12" }],
      verdict: "not-enough-data",
    });
    expect(
      read({ outputs, present: ["a.root", "b.root", "c.root"], metrics: '{"shift": 1.5, "converged": true}' }),
    ).toEqual({
      outputs: {
        metrics: { shift: 1.5, converged: 1 },
        files: [{ path: "a.root" }, { path: "b.root", events: 12, sector: "barrel" }],
        payloads: [{ type: "t0", path: "c.root", from: { major: 8215, minor: 0 }, until: { major: 8230, minor: 12 } }],
        verdict: "not-enough-data",
      },
    });
  });

  test("may be listed as its shell would write it: ./a.root is a.root", () => {
    const outputs = '{"files": ["./a.root", {"path": "plots//b.svg"}]}';
    expect(read({ outputs, present: ["a.root", "plots/b.svg"] }).outputs?.files).toEqual([
      { path: "a.root" },
      { path: "plots/b.svg" },
    ]);
  });
});

describe("results that cannot be read are a problem that tells which file, where in it, and what is wrong", () => {
  test.each<[string, Parameters<typeof read>[0], RegExp]>([
    ["metrics that are not JSON", { metrics: "{ shift: 1 }" }, /^metrics\.json is not JSON: /],
    ["a NaN, as Python writes it", { metrics: '{"shift": NaN}' }, /^metrics\.json is not JSON: /],
    ["a list of metrics", { metrics: "[1, 2]" }, /^metrics\.json: the whole: /],
    ["a text for a number", { metrics: '{"shift": "big"}' }, /^metrics\.json: shift: .*number/],
    ["a number beyond all", { metrics: '{"shift": 1e999}' }, /^metrics\.json: shift: .*number/],
    ["a number for a path", { outputs: '{"files": [3]}' }, /^outputs\.json: files\.0: .*path/],
    [
      "a path from the root",
      { outputs: '{"files": ["/etc/passwd"]}' },
      /^outputs\.json: files\.0.*: .*inside \$CALOPS_OUT/,
    ],
    ["no path at all", { outputs: '{"files": ["./"]}' }, /^outputs\.json: files\.0.*: .*inside \$CALOPS_OUT/],
    [
      "a path that climbs",
      { outputs: '{"files": [{"path": "a/../../b"}]}' },
      /^outputs\.json: files\.0.*: .*inside \$CALOPS_OUT/,
    ],
    [
      "a file that is not there",
      { outputs: '{"files": ["gone.root"]}' },
      /^outputs\.json names gone\.root, which is not there$/,
    ],
    ["a verdict that nobody knows", { outputs: '{"verdict": "bad"}' }, /^outputs\.json: verdict: .*not-enough-data/],
  ])("%s", (_name, texts, expected) => {
    expect(problem(texts)).toMatch(expected);
  });

  test("whatever they are, they never throw, and a problem is one line", () => {
    const json = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constantFrom('{"files":["a"]}', '{"files":["a\\nb"]}', "a\nb", '{"__proto__": 1}', "null"),
    );
    fc.assert(
      fc.property(fc.option(json, { nil: undefined }), fc.option(json, { nil: undefined }), (metrics, outputs) => {
        const found = readOutputs({ metrics, outputs, present: ["a"] });
        if (found.problem !== undefined) expect(found.problem.split("\n")).toHaveLength(1);
        else for (const value of Object.values(found.outputs.metrics)) expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });
});

test("metrics of many jobs come to the largest of each", () => {
  expect(largest([{ a: 1, b: -3 }, { a: 2 }, { b: -1, c: 0 }])).toEqual({ a: 2, b: -1, c: 0 });
  expect(largest([])).toEqual({});
});

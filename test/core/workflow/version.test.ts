import { describe, expect, test } from "vitest";
import type { TreeEntry } from "../../../src/core/config/tree.ts";
import { taskVersions } from "../../../src/core/workflow/version.ts";
import { configOf, type Written } from "../config/reading.ts";
import { digest, edit, edited, REPOSITORY, T0, treeOf, without } from "../plan/planning.ts";

const versions = (files: Written, tree: readonly TreeEntry[] = treeOf(files)) =>
  taskVersions(configOf(files), tree, digest);
const BEFORE = versions(REPOSITORY);
/** The tasks that are made otherwise. */
const changed = (after: Record<string, string>) => Object.keys(after).filter((name) => after[name] !== BEFORE[name]);

test("every task has a version, short enough to stand in a row", () => {
  expect(Object.keys(BEFORE)).toEqual(["raw/fetch", "t0/calibrate", "t0/check", "reconstruction/reconstruct"]);
  for (const version of Object.values(BEFORE)) expect(version).toMatch(/^[0-9a-f]{16}$/);
});

describe("a task is made otherwise", () => {
  test.each<[string, Written, string[]]>([
    ["by another command", edit(T0, "./fit.sh,", "./fit.sh, --fine,"), ["t0/calibrate"]],
    ["by another way to combine", edit(T0, "combine: ./combine.sh", "combine: ./check.sh"), ["t0/calibrate"]],
    ["in another number of jobs", edit(T0, "jobs: 4", "jobs: 5"), ["t0/calibrate"]],
    ["until something else", edit(T0, "< 10", "< 11"), ["t0/calibrate"]],
    ["in more rounds", edit(T0, "max: 5", "max: 6"), ["t0/calibrate"]],
    ["with other variables", edit(T0, 'THREADS: "1"', 'THREADS: "2"'), ["t0/calibrate"]],
    ["from something else", edit(T0, "needs: [calibrate]", "needs: [calibrate, raw/fetch]"), ["t0/check"]],
    ["with other parameters of its workflow", edit(T0, '"0.5"', '"0.6"'), ["t0/calibrate", "t0/check"]],
    ["on other groups", edit("workflows/raw/workflow.yaml", "owner: ann", "owner: ann\ngroup: fill"), ["raw/fetch"]],
    ["with other attributes of runs", edit(T0, "shares:", "uses: [quality]\nshares:"), ["t0/calibrate", "t0/check"]],
    ["by another script beside it", edit("workflows/t0/fit.sh", "fit", "better"), ["t0/calibrate", "t0/check"]],
    ["by a further file beside it", { ...REPOSITORY, "workflows/t0/table.csv": "1" }, ["t0/calibrate", "t0/check"]],
    ["by what it shares", edit("lib/geometry.py", "64", "65"), ["t0/calibrate", "t0/check"]],
    ["where it shares more", edit(T0, "shares: [lib]", "shares: [lib, list-runs.sh]"), ["t0/calibrate", "t0/check"]],
  ])("%s", (_name, after, expected) => {
    expect(changed(versions(after))).toEqual(expected);
  });
});

describe("a task is made as before", () => {
  test.each<[string, Written]>([
    [
      "where it runs elsewhere, longer and more often",
      edit(T0, "walltime: 10m", "walltime: 1h\n    executor: batch\n    retries: 7\n    backoff: 1s"),
    ],
    [
      "where others own and watch it",
      edited(REPOSITORY, [T0, "timing-expert", "ann"], [T0, '"#timing"', '"#t0"'], [T0, "Time zero", "T0"]),
    ],
    [
      "under other limits",
      edited(
        REPOSITORY,
        [T0, "tasks: 4", "tasks: 5"],
        [T0, "2GB", "3GB"],
        [T0, "shares:", "priority: 5\npause-after: never\nstale: reprocess\nshares:"],
      ),
    ],
    [
      "behind other locks, and with other rules for errors",
      edited(REPOSITORY, [T0, "48h", "24h"], [T0, "then: fail", "then: hold"]),
    ],
    ["for other runs", edit(T0, "> 500", "> 1000")],
    ["in other campaigns", edit("campaigns/prompt.yaml", "r24", "r25")],
    [
      "where its expressions have other spaces",
      edit(T0, "metrics.max_shift_ps < 10 && metrics.chi2 < 2", "metrics.max_shift_ps<10&&metrics.chi2<2"),
    ],
    [
      "where its keys stand in another order",
      edit(
        T0,
        "    split: { jobs: 4 }\n    combine: ./combine.sh\n",
        "    combine: ./combine.sh\n    split: { jobs: 4 }\n",
      ),
    ],
    ["where the page beside it is another", edit("workflows/t0/README.md", "how", "why")],
    ["where a page of what it shares is new", { ...REPOSITORY, "lib/README.md": "x" }],
    ["where something else is new", { ...REPOSITORY, "library/x.py": "x", "workflows/t00/x.py": "x" }],
    ["where what it shares is written otherwise", edit(T0, "shares: [lib]", "shares: [./lib/]")],
  ])("%s", (_name, after) => {
    expect(changed(versions(after))).toEqual([]);
  });

  test("where its parameters stand in another order", () => {
    const written = (parameters: string) => versions(edit(T0, 'threshold: "0.5"', parameters));
    expect(written("a: 1, b: 2")).toEqual(written("b: 2, a: 1"));
  });

  test("where the clock strikes at another time, or a group stays open longer", () => {
    const grouped = (text: string) =>
      versions(edit("workflows/raw/workflow.yaml", "owner: ann", `owner: ann\n${text}`));
    expect(grouped("schedule: 0 6 * * *")).toEqual(grouped("schedule: 0 7 * * *"));
    expect(grouped("group: { fill: {}, grace: 1h }")).toEqual(grouped("group: { fill: {}, grace: 2h }"));
    expect(grouped("group: { runs: 3 }")).not.toEqual(grouped("group: { runs: 4 }"));
  });

  test("in whatever order the files come", () => {
    expect(versions(REPOSITORY, [...treeOf(REPOSITORY)].reverse())).toEqual(BEFORE);
  });
});

describe("a link beside a script", () => {
  const link = (target: string, path = "workflows/raw/common"): TreeEntry => ({
    path,
    kind: "link",
    bytes: target.length,
    blob: digest(target),
    target,
  });
  const linked = (files: Written, target: string) => versions(files, [...treeOf(files), link(target)])["raw/fetch"];
  const other = edit("lib/geometry.py", "64", "65");

  test("stands for what it leads to inside the repository", () => {
    for (const target of ["../../lib", "../../lib/geometry.py", ".././../lib/", "../.."])
      expect(linked(other, target)).not.toBe(linked(REPOSITORY, target));
  });

  test("stands for what it leads to by way of another link", () => {
    const version = (files: Written, current: string) =>
      versions(files, [...treeOf(files), link("../../current/geometry.py"), link(current, "current")])["raw/fetch"];
    expect(version(other, "lib")).not.toBe(version(REPOSITORY, "lib"));
    expect(version(REPOSITORY, "workflows/..")).toBe(version(other, "workflows/.."));
  });

  test("takes no time to be followed, however many lead to everything", () => {
    const paths = Array.from({ length: 1_000 }, (_, index) => `workflows/w${index}/all`);
    const files = Array.from(
      { length: 18_000 },
      (_, index): TreeEntry => ({
        path: `lib/${index % 100}/${index}`,
        kind: "file",
        bytes: 1,
        blob: "0".repeat(40),
      }),
    );
    const workflows = Object.fromEntries(
      paths.map((_, index) => [
        `workflows/w${index}/workflow.yaml`,
        "description: x\nowner: ann\ntasks: { fit: { run: [fit] } }\n",
      ]),
    );
    const config = configOf({ "calops.yaml": "experiment: D\n", ...workflows });
    const began = performance.now();
    taskVersions(config, [...files, ...paths.map((path) => link("../..", path))], digest);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test("stands for nothing where it leads out of it or to nothing, and goes round no circle", () => {
    for (const target of ["/lib", "../../nowhere", "../../../lib", "."])
      expect(linked(other, target)).toBe(linked(REPOSITORY, target));
    expect(linked(without(REPOSITORY, "lib/x"), "..")).toMatch(/^[0-9a-f]{16}$/);
  });
});

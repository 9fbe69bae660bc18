import { describe, expect, test } from "vitest";
import { planOf } from "../../../src/core/plan/plan.ts";
import { planInWords } from "../../../src/core/plan/words.ts";
import type { Written } from "../config/reading.ts";
import {
  edit,
  edited,
  linesOf,
  planned,
  RAW,
  RECONSTRUCTION,
  REPOSITORY,
  sideOf,
  T0,
  TOUCHED,
  under,
  without,
} from "./planning.ts";

const RUN_TYPES = "runtypes.yaml";
const LOOSER = "Thresholds that are looser:";
const WORKFLOWS = "Workflows:";

describe("of workflows it is told", () => {
  test.each<[string, Written, string[]]>([
    ["that the owner is another", edit(T0, "owner: timing-expert", "owner: ben"), ["owner of t0 timing-expert -> ben"]],
    ["that the channel is another", edit(T0, '"#timing"', '"#t0"'), ["channel of t0 #timing -> #t0"]],
    [
      "that a task has more retries",
      edit(T0, "walltime: 10m", "walltime: 10m\n    retries: 5"),
      ["retries of t0/calibrate 2 -> 5"],
    ],
    [
      "that a default is another, once for all",
      edit("calops.yaml", "retries: 2", "retries: 5"),
      ["retries 2 -> 5, for raw/fetch, t0/calibrate, t0/check, reconstruction/reconstruct"],
    ],
    [
      "that a limit is gone",
      edit(T0, "limits: { tasks: 4 }", "limits: { jobs: 9 }"),
      ["limits.tasks of t0: 4 taken away", "limits.jobs of t0: 9 added"],
    ],
    ["that the quota is another", edit(T0, "quota: 2GB", "quota: 2.5TB"), ["quota of t0 2GB -> 2.5TB"]],
    [
      "that a parameter is another",
      edit(T0, 'threshold: "0.5"', 'threshold: "0.7", tracks: 9'),
      ["parameters.threshold of t0 0.5 -> 0.7", "parameters.tracks of t0: 9 added"],
    ],
    [
      "that variables are others",
      edit(T0, 'THREADS: "1"', 'THREADS: "2", DEBUG: "1"'),
      ["env.THREADS of t0/calibrate 1 -> 2", "env.DEBUG of t0/calibrate: 1 added"],
    ],
    [
      "that an error rule is another",
      edit(T0, "then: fail, why: out of range", "then: skip"),
      ["errors of t0/calibrate exit 3: fail (out of range) -> exit 3: skip"],
    ],
    [
      "that the rules stand in another order",
      edit(T0, "why: out of range }]", "why: out of range }, { exit: 4, then: retry }]"),
      ["errors of t0/calibrate: exit 4: retry added"],
    ],
    [
      "that it is split otherwise",
      edit(T0, "jobs: 4", "values: [a, b]"),
      ["split of t0/calibrate jobs 4 -> values [a, b]"],
    ],
    [
      "that a need came",
      edit(RECONSTRUCTION, "[t0/calibrate]", "[t0/calibrate, raw/fetch]"),
      ["needs of reconstruction/reconstruct: raw/fetch added"],
    ],
    ["that a task is new, and one has gone", edit(T0, "check: {", "verify: {"), ["task t0/verify is new"]],
    [
      "that a workflow is new",
      {
        ...REPOSITORY,
        "workflows/dqm/workflow.yaml": "description: x\nowner: ann\ntasks: { sum: { run: [sum] } }\n",
      },
      ["dqm is new"],
    ],
    [
      "that it asks elsewhere",
      edit(T0, "https://conditions/", "https://calib/"),
      ['locks.ask "conditions" url of t0/calibrate https://conditions/${group} -> https://calib/${group}'],
    ],
    [
      "that results are made anew by themselves",
      edit(T0, "quota: 2GB", "quota: 2GB\nstale: reprocess"),
      ["stale of t0 mark -> reprocess"],
    ],
    ["that there are more rounds", edit(T0, "max: 5", "max: 9"), ["repeat.max of t0/calibrate 5 -> 9"]],
    [
      "which files beside it are others",
      {
        ...without(REPOSITORY, "workflows/t0/notes"),
        "workflows/t0/fit.sh": "better",
        "workflows/t0/plot.py": "new",
      },
      ["files of t0: fit.sh changed, plot.py added"],
    ],
  ])("%s", (_name, after, expected) => {
    expect(under(WORKFLOWS, planned(REPOSITORY, after))).toEqual(expected);
  });

  test("that runs are grouped otherwise, or that it runs by the clock", () => {
    const grouped = edit(RAW, "owner: ann", "owner: ann\ngroup: { fill: {}, grace: 90m }");
    expect(under(WORKFLOWS, planned(REPOSITORY, grouped))).toEqual(["group of raw run -> fill, grace 1h30m"]);
    const ticking = edit(RAW, "owner: ann", "owner: ann\nschedule: 0 6 * * *");
    expect(under(WORKFLOWS, planned(grouped, ticking))).toEqual([
      "group of raw: fill, grace 1h30m taken away",
      "schedule of raw: 0 6 * * * added",
      "timezone of raw: UTC added",
    ]);
    const later = edited(ticking, [RAW, "0 6 * * *", "0 7 * * *"]);
    expect(planned(ticking, later, TOUCHED)[0]).toBe("1 workflow changed; no result becomes stale.");
  });

  test("that one run is a group", () => {
    const [many, one] = [10, 1].map((count) => edit(RAW, "owner: ann", `owner: ann\ngroup: { runs: ${count} }`));
    expect(under(WORKFLOWS, planned(many ?? {}, one ?? {}))).toEqual(["group of raw 10 runs -> 1 run"]);
  });

  test("that error rules stand in another order", () => {
    const two = edit(T0, "why: out of range }]", "why: out of range }, { exit: 4, then: retry }]");
    const turned = edit(
      T0,
      "[{ exit: 3, then: fail, why: out of range }]",
      "[{ exit: 4, then: retry }, { exit: 3, then: fail, why: out of range }]",
    );
    expect(under(WORKFLOWS, planned(two, turned))).toEqual([
      "order of errors of t0/calibrate exit 3: fail (out of range) | exit 4: retry | exit 75: retry -> exit 4: retry | exit 3: fail (out of range) | exit 75: retry",
    ]);
  });

  test("that a script may be executed at last", () => {
    const program = sideOf(REPOSITORY);
    const file = {
      ...program,
      tree: program.tree.map((one) => (one.path === "workflows/t0/fit.sh" ? { ...one, kind: "file" as const } : one)),
    };
    expect(under(WORKFLOWS, linesOf(planInWords(planOf({ before: file, after: program }))))).toEqual([
      "files of t0: fit.sh changed",
    ]);
  });

  test("that what they share is another, with who uses it", () => {
    const lines = planned(REPOSITORY, edit("lib/geometry.py", "64", "65"), TOUCHED);
    expect(lines[0]).toBe("1 workflow changed; 304 results become stale.");
    expect(under("Shared files:", lines)).toEqual(["files of lib: geometry.py changed; used by t0"]);
  });

  test("that what nobody declares is another", () => {
    const lines = planned({ ...REPOSITORY, "tools/plot.py": "a" }, { ...REPOSITORY, "tools/plot.py": "b" });
    expect(lines).toEqual([
      "Nothing that calops reads changed.",
      "Other files, which no workflow declares that it shares:",
      "- tools/plot.py changed",
    ]);
  });

  test("that they are removed, with what is left of them", () => {
    const lines = planned(REPOSITORY, without(REPOSITORY, "workflows/reconstruction/", "runtypes.yaml"), TOUCHED);
    expect(under("Removed:", lines)).toEqual([
      "workflow reconstruction: 94 results stay, 1 waiting task held until skipped",
      "run type physics",
      "run type cosmics",
    ]);
    expect(under(LOOSER, lines)).toEqual(["run types of runtypes.yaml: one of physics, cosmics is not asked any more"]);
    expect(under("Touched:", lines)).not.toContain("1 task waiting: begins on the new commit");
  });

  test("in the singular, what becomes of one result and one task", () => {
    const one = (state: string) => ({ campaign: "prompt", workflow: "raw", task: "fetch", state, count: 1 });
    const touched = { tasks: ["done", "processing", "held"].map(one) };
    expect(under("Touched:", planned(REPOSITORY, edit("workflows/raw/fetch.sh", "fetch", "better"), touched))).toEqual([
      "campaigns prompt, again",
      "global tags prompt-v3",
      "1 task under way: finishes on the commit that it began with",
      "1 task waiting: begins on the new commit",
    ]);
    const alone = edited(
      REPOSITORY,
      [T0, "needs: [raw/fetch]\n", "needs: []\n"],
      [RUN_TYPES, "[raw, t0", "[t0"],
      [RUN_TYPES, "[raw]", "[t0]"],
    );
    expect(under("Removed:", planned(alone, without(alone, "workflows/raw/"), touched))).toEqual([
      "workflow raw: 1 result stays, 1 task under way finishes, 1 waiting task held until skipped",
    ]);
  });
});

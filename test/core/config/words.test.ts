import { describe, expect, test } from "vitest";
import { issuesOf, oneWorkflow, type Written } from "./reading.ts";

const calops = (text: string): Written => ({ "calops.yaml": `experiment: D\n${text}` });
const task = (text: string, more: Written = {}) => oneWorkflow(`tasks: { fit: { ${text} } }\n`, more);

/** Without the file and the place, which other tests look at. */
const words = (files: Written) => issuesOf(files).map((line) => line.replace(/^[^:]*:\d+:\d+: /, ""));

describe("somebody tired reads", () => {
  test.each<[string, Written, string]>([
    ["that a file is missing", {}, "the file is missing; write at least experiment: NAME, or start from calops init"],
    ["that a key is missing", { "calops.yaml": "runs: {}\n" }, '"experiment" is missing; add experiment: a text'],
    [
      "that a key is unknown, and which are known",
      calops("foo: 1\n"),
      'unknown key "foo"; known here: experiment, runs, sources, executors, chats, defaults, cards, conditions, tickets, stages, logs, work',
    ],
    [
      "that two kinds stand together",
      calops("sources: { a: { replay: { file: x }, watch: { path: x } } }\n"),
      "watch and replay stand together; write exactly one of http, watch, command, replay",
    ],
    [
      "that a regular expression is none",
      calops('defaults: { errors: [{ log: "(", then: retry }] }\n'),
      '"(" is not a regular expression; write for example "Segmentation fault"',
    ],
    [
      "that cards are for a workflow that is not there",
      calops('cards: { channel: "#runs", workflows: ["recoo*"] }\n'),
      "none of the workflows is called recoo*; there is none yet",
    ],
    [
      "that a rule has no condition",
      calops("defaults: { errors: [{ then: retry }] }\n"),
      "a rule without a condition; write exit, log or cause",
    ],
    [
      "that runs go backwards",
      calops("runs: { numbers: 9-1 }\n"),
      '"9-1" is not a range of runs; write 8215 or 8000-8215',
    ],
    [
      "that a wait is none",
      calops("defaults: { backoff: [] }\n"),
      "not a wait; write 30s or { first: 30s, factor: 2, max: 30m }",
    ],
    [
      "that a schedule is none",
      oneWorkflow("schedule: daily\ntasks: { fit: { run: [fit] } }\n"),
      '"daily" in UTC is not a schedule; write five fields, for example "0 6 * * *" for every day at 6, and a timezone such as Europe/Zurich',
    ],
    [
      "that a clock takes no runs",
      oneWorkflow("schedule: 0 6 * * *\nselect: 'true'\ntasks: { fit: { run: [fit] } }\n"),
      "a workflow that runs by the clock takes no runs; leave select out, or write group instead of schedule",
    ],
    [
      "that a clock has no run to be late for",
      oneWorkflow("schedule: 0 6 * * *\ntasks: { fit: { run: [fit], locks: [{ delay: 1h }] } }\n"),
      "a delay counts from the end of a run, and this workflow has none; leave it out, or change schedule",
    ],
    [
      "that there is nothing to combine",
      task("run: [fit], combine: [sum]"),
      "there is nothing to combine: the task has one job; add split, or leave combine out",
    ],
    [
      "that there are no files",
      task("run: [fit], split: { files: all }"),
      "the task needs no other task, so there are no files; add needs, or split by jobs or values",
    ],
    [
      "that a password stands in an address",
      calops("sources: { a: { http: { url: 'https://ann:secret@registry' } } }\n"),
      "a user or password in the address; write headers: { Authorization: { secret: NAME } }",
    ],
    [
      "that a source maps no number",
      calops("sources: { a: { replay: { file: x }, fields: { type: record.type } } }\n"),
      "number is missing; add for example number: record.run",
    ],
  ])("%s", (_name, files, expected) => {
    expect(words(files)).toEqual([expected]);
  });

  // Each of these said less than its reader needed.
  test.each<[string, Written, string]>([
    [
      "that a number stands where a text should, as it is written",
      { ...oneWorkflow("tasks: { fit: { run: [fit] } }\n"), "campaigns/prompt.yaml": "kind: prompt\nrelease: 24.10\n" },
      '24.10 is not a text; put it into quotes: "24.10"',
    ],
    [
      "that a * began an alias",
      calops("defaults: { errors: [{ log: *.root, then: fail }] }\n"),
      "*.root stands for nothing; mark something before it with &.root, or put it into quotes",
    ],
    [
      "that an alias stands for itself",
      calops("logs: &x { keep: *x }\n"),
      "*x stands for itself; write out what it stands for",
    ],
    [
      "that an expression is true by itself",
      oneWorkflow("select: true\ntasks: { fit: { run: [fit] } }\n"),
      'true is not a text; put it into quotes: "true"',
    ],
    [
      "that a name of a directory is none",
      { ...oneWorkflow("tasks: { fit: { run: [fit] } }\n"), "campaigns/Re Reco.yaml": "kind: prompt\n" },
      '"Re Reco" is not a name; rename it with lower-case letters, digits and inner hyphens, at most 40',
    ],
    [
      "that a number stands where a text should",
      { ...oneWorkflow("tasks: { fit: { run: [fit] } }\n"), "campaigns/prompt.yaml": "kind: prompt\nrelease: 24.1\n" },
      '24.1 is not a text; put it into quotes: "24.1"',
    ],
    [
      "that a # began a comment",
      calops("defaults: { channel: #timing\n }\n"),
      "nothing stands here; write a text, in quotes where it begins with #",
    ],
    [
      "that a section is empty",
      calops("sources:\n  # season: { replay: { file: x } }\n"),
      "nothing stands here; write a mapping: { name: value }, or leave the key out",
    ],
    ["that a key stands twice", calops("logs: {}\nlogs: {}\n"), "this key stands here twice; take one of them away"],
    [
      "that a second document begins",
      calops("---\nlogs: {}\n"),
      "a second document begins here; take the line --- away",
    ],
    ["that a list is empty", task("run: [fit], split: { values: [] }"), "an empty list; write at least one"],
    ["that true is not a word", task("run: [true]"), 'true is not a text; put it into quotes: "true"'],
    [
      "that a variable is not a text",
      task("run: [fit], env: { DEBUG: true }"),
      'true is not a text; put it into quotes: "true"',
    ],
    [
      "that a script is missing where there is none",
      task("run: ./fit.sh"),
      "there is no file workflows/t0/fit.sh; add it, or write a program and its arguments",
    ],
    [
      "that what its scripts share is nowhere, and what is near",
      oneWorkflow("shares: [libs]\ntasks: { fit: { run: [fit] } }\n", { "lib/geometry/wires.py": "" }),
      "the repository has no file or directory libs; write lib",
    ],
    [
      "that what its scripts share is nowhere, where nothing is near",
      oneWorkflow("shares: [../common]\ntasks: { fit: { run: [fit] } }\n", { "lib/geometry/wires.py": "" }),
      "the repository has no file or directory ../common; write a path from the root of the repository, or leave it out",
    ],
    [
      "what a group of several runs has no place for",
      oneWorkflow('group: fill\ntasks: { fit: { run: [fit, "${run.number}"] } }\n'),
      "unknown ${run.number}: a group of this workflow is not one run; write ${runs}, or group: run",
    ],
  ])("%s", (_name, files, expected) => {
    expect(words(files)).toEqual([expected]);
  });
});

describe("what could never work is refused", () => {
  test.each<[string, Written]>([
    ["spans of no length", oneWorkflow("group: { span: 0s }\ntasks: { fit: { run: [fit] } }\n")],
    ["spans of half a second", oneWorkflow("group: { span: 500ms }\ntasks: { fit: { run: [fit] } }\n")],
    [
      "a workflow whose tasks nobody could name in a command",
      {
        "calops.yaml": "experiment: D\n",
        "workflows/T0_new/workflow.yaml": "description: x\nowner: ann\ntasks: { fit: { run: [fit] } }\n",
      },
    ],
    [
      "a campaign whose directory nobody could name",
      { ...oneWorkflow("tasks: { fit: { run: [fit] } }\n"), "campaigns/Re Reco.yaml": "kind: prompt\n" },
    ],
    ["an attribute that every run has, declared as another kind", calops("runs: { attributes: { fill: string } }\n")],
    [
      "an attribute of a source that nobody declared, by a name that every object has",
      calops("sources: { a: { replay: { file: x }, fields: { number: record.run, constructor: record.x } } }\n"),
    ],
    ["a pause after more failures than are looked at", calops("defaults: { pause-after: { failures: 20, of: 5 } }\n")],
  ])("%s", (_name, files) => {
    expect(issuesOf(files)).toHaveLength(1);
  });
});

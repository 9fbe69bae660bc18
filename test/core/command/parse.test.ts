import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../commands/index.ts";
import { parseCommand, wordsOf } from "../../../src/core/command/parse.ts";

const parsed = (line: string) => parseCommand(wordsOf(line), COMMANDS);

function valuesOf(line: string): Readonly<Record<string, unknown>> & { readonly command: string } {
  const found = parsed(line);
  if ("problem" in found) throw new Error(`${found.problem}; ${found.instead}`);
  return { ...found.values, command: found.command.name };
}

function valuesAndRest(line: string) {
  const found = parsed(line);
  if ("problem" in found) throw new Error(`${found.problem}; ${found.instead}`);
  const { command, ...rest } = found;
  return { ...rest, command: command.name };
}

/** As whoever typed it reads it. */
function problemOf(line: string): string {
  const found = parsed(line);
  return "problem" in found ? `${found.problem}: ${found.instead}` : "no problem";
}

describe("the words of a line", () => {
  test.each<[string, string[]]>([
    ["tasks  --run   8215", ["tasks", "--run", "8215"]],
    ['skip 7 "no beam" at all', ["skip", "7", "no beam", "at", "all"]],
    ["skip 7 'no \"beam\"'", ["skip", "7", 'no "beam"']],
    ['skip 7 "say \\"no\\""', ["skip", "7", 'say "no"']],
    ['skip 7 ""', ["skip", "7", ""]],
    ["hold 7 it's off, isn't it", ["hold", "7", "it's", "off,", "isn't", "it"]],
    ['hold 7 "unclosed', ["hold", "7", '"unclosed']],
    ['reprocess 7 --why="new alignment"', ["reprocess", "7", "--why=new alignment"]],
    ["reprocess 7 --why='new alignment' --dry-run", ["reprocess", "7", "--why=new alignment", "--dry-run"]],
    ["", []],
    ["  \t ", []],
  ])("%s", (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });

  test("that were put into quotes come out as they went in", () => {
    const word = fc.string({ unit: "binary" }).filter((text) => !text.includes("'"));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(wordsOf(words.map((text) => `'${text}'`).join(" "))).toEqual(words);
      }),
    );
  });
});

describe("a line", () => {
  test.each<[string, object]>([
    ["tasks --run 8215 --state failed,held --stale", { run: 8215, state: ["failed", "held"], stale: true }],
    ["tasks --workflow=t0 --limit=5", { workflow: "t0", limit: 5 }],
    ["hold 1089 the trigger expert looks at it", { target: "1089", reason: "the trigger expert looks at it" }],
    ['hold 1089 "the trigger   expert" looks', { reason: "the trigger   expert looks" }],
    [
      "retry 1 #2, t0/calibrate@8215",
      { tasks: [{ id: 1 }, { id: 2 }, { workflow: "t0", task: "calibrate", group: "8215" }] },
    ],
    [
      "inject rereco 1-3 5,7-8",
      {
        campaign: "rereco",
        runs: [
          { from: 1, to: 3 },
          { from: 5, to: 5 },
          { from: 7, to: 8 },
        ],
      },
    ],
    ['reprocess --run 8215 --why "new alignment" --downstream', { run: 8215, why: "new alignment", downstream: true }],
    ["logs 7 combine --attempt 2", { task: { id: 7 }, job: "combine", attempt: 2 }],
  ])("is understood: %s", (line, values) => {
    expect(valuesOf(line)).toMatchObject(values);
  });

  test("asks for JSON wherever it says so", () => {
    for (const line of ["tasks --json", "--json tasks", "tasks --json --run 7"])
      expect(parsed(line)).toMatchObject({ json: true, command: { name: "tasks" } });
    expect(parsed("tasks")).toMatchObject({ json: false });
    expect(parsed("tsks --json")).toMatchObject({ json: true, instead: expect.any(String) });
  });

  test.each([
    "tasks --env mirror/fit --run 7",
    "--env=mirror/fit tasks --run 7",
    "tasks --run 7 --env=mirror/fit --json",
    "--json --env mirror/fit tasks --run=7",
  ])("names an environment wherever it says so: %s", (line) => {
    expect(parsed(line)).toMatchObject({ environment: "mirror/fit", command: { name: "tasks" }, values: { run: 7 } });
  });

  test("names none of its own accord, and one even where it cannot be understood", () => {
    expect(parsed("tasks --run 7").environment).toBeUndefined();
    expect(parsed("hold 1 --environment is no word of ours").environment).toBeUndefined();
    expect(parsed('skip 1 "--env is what it says"')).toMatchObject({
      environment: undefined,
      values: { reason: "--env is what it says" },
    });
    expect(parsed("tsks --env mirror/fit")).toMatchObject({
      environment: "mirror/fit",
      problem: 'there is no command "tsks"',
    });
  });

  test.each(COMMANDS.flatMap((command) => command.examples.map((example) => [example, command.name] as const)))(
    "means the same for another environment: %s",
    (example, name) => {
      const { values, ...rest } = valuesAndRest(example);
      expect(rest.environment).toBeUndefined();
      for (const line of [
        `${example} --env mirror/fit`,
        `--env=mirror/fit ${example}`,
        `${name} --env mirror/fit${example.slice(name.length)}`,
      ])
        expect(valuesAndRest(line)).toEqual({ ...rest, values, environment: "mirror/fit" });
    },
  );

  test.each([
    ["", "nothing was typed: help lists the commands"],
    ["tasks --env", "--env has no value: write --env ENV; the command env lists the environments"],
    ["tasks --env=", "--env has no value: write --env ENV; the command env lists the environments"],
    ["tasks --env --run 7", "--env has no value: write --env ENV; the command env lists the environments"],
    ["tasks --env --json", "--env has no value: write --env ENV; the command env lists the environments"],
    [
      "tasks --env production --env mirror/fit",
      "--env stands there twice: write one environment, and the line again for another",
    ],
    ["statsu", 'there is no command "statsu": did you mean status? help lists all'],
    ["frobnicate", 'there is no command "frobnicate": help lists the commands'],
    ["tasks --wokflow t0", "there is no option --wokflow: did you mean --workflow?"],
    ["status --run 7", "there is no option --run: status has no options"],
    ["jobs 7 --frobnicate", "there is no option --frobnicate: known: --state, --limit"],
    ["tasks --run", "--run has no value: write --run RUN"],
    ["tasks --limit 0", '"0" is not a number from 1 to 10000: write N as one'],
    ["runs --limit 999999999", '"999999999" is not a number from 1 to 10000: write N as one'],
    ["tasks --run many", '"many" is not a number: write RUN as a number'],
    [
      "tasks --state broken",
      "there is no state broken: write one of new, held, ready, processing, awaiting-signoff, done, failed, skipped, merged",
    ],
    ["tasks --state failed,hled", "there is no state hled: write held"],
    ["why", "TASK is missing: a task: its number, or WORKFLOW/TASK@GROUP"],
    ["why t0", '"t0" is not a task: write its number, or for example t0/calibrate@8215'],
    ["skip 7", "REASON... is missing: why, for the history"],
    ["status now", '"now" is more than it takes: leave it out, or put quotes around words that belong together'],
    ["inject rereco 3-1", '"3-1" is no run or range of runs: write for example 8215 or 8000-8215'],
    ["history tsak", "there is no kind tsak: write task"],
    [
      "tasks --constructor x",
      "there is no option --constructor: known: --run, --workflow, --task, --group, --state, --campaign, --commit, --stale, --before, --limit",
    ],
    ["reprocess 7 --dry-run=false", "--dry-run takes no value: write --dry-run alone, or leave it out"],
  ])("that cannot be understood is told what to type instead: %s", (line, problem) => {
    expect(problemOf(line).replace(/ \([a-z]+ ?.*\)$/, "")).toBe(problem);
  });

  test("that cannot be understood is told how its command is written", () => {
    expect(problemOf("skip 7")).toMatch(/ \(skip TASK REASON\.\.\.\)$/);
    expect(problemOf("jobs 7 --limit x")).toMatch(/ \(jobs TASK \[--state STATE\] \[--limit N\]\)$/);
  });

  test("never throws, whatever it is, and means a command of the list or nothing", () => {
    const option = fc.constantFrom(
      "--run",
      "--limit=5",
      "--json",
      "--env",
      "--env=x",
      "--constructor",
      "--valueOf",
      "--to-string",
      "--",
      "-",
      "--=",
      "--run=",
      "--state=failed",
      "--stale",
      "--why=x",
      "--__proto__",
    );
    const name = fc.constantFrom(...COMMANDS.map((command) => command.name), "constructor", "toString", "__proto__");
    const word = fc.oneof(
      fc.string({ unit: "binary" }),
      option,
      name,
      fc.constantFrom("8215", "t0/a@1", "run:7", "'", '"', '"a b"'),
    );
    fc.assert(
      fc.property(fc.option(name), fc.array(word), (command, words) => {
        const found = parsed([command ?? "", ...words].join(" "));
        if ("problem" in found) expect(`${found.problem}: ${found.instead}`).not.toContain("undefined");
        else expect(COMMANDS).toContain(found.command);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("every example", () => {
  test.each(COMMANDS.flatMap((command) => command.examples.map((example) => [example, command.name] as const)))(
    "%s is the command %s",
    (example, name) => {
      expect(valuesOf(example).command).toBe(name);
    },
  );
});

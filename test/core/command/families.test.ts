import { describe, expect, test } from "vitest";
import { help } from "../../../commands/help.ts";
import { status } from "../../../commands/status.ts";
import { task } from "../../../commands/task.ts";
import { tasks } from "../../../commands/tasks.ts";
import { formFor, wordsOfForm } from "../../../src/core/chat/form.ts";
import { helpAll, helpOnFamily } from "../../../src/core/command/help.ts";
import { parseCommand, wordsOf } from "../../../src/core/command/parse.ts";

/** Other commands under names of two words. */
const [show, list] = [
  { ...task, name: "gt show" },
  { ...tasks, name: "gt list" },
];
const COMMANDS = [status, show, list, help];
const OWNER = { id: "root", roles: [], owner: true, via: "terminal" };

const parsed = (line: string) => parseCommand(wordsOf(line), COMMANDS);
const problemOf = (line: string) => {
  const found = parsed(line);
  return "problem" in found ? `${found.problem}: ${found.instead}` : "no problem";
};

describe("a command of two words", () => {
  test("is found, with what stands behind them", () => {
    expect(parsed("gt show 1089 --json")).toMatchObject({
      command: { name: "gt show" },
      values: { task: { id: 1089 } },
      json: true,
    });
    expect(parsed("--env mirror/x gt list --limit 3")).toMatchObject({ command: { name: "gt list" } });
  });

  test.each([
    ["gt", '"gt" alone is no command: write gt show, gt list'],
    ["gt shwo 1", 'there is no command "gt shwo": did you mean gt show? help gt lists its like'],
    ["gt x", 'there is no command "gt x": write gt show, gt list'],
    ["statsu", 'there is no command "statsu": did you mean status? help lists all'],
    ["gt show", "TASK is missing: a task: its number, or WORKFLOW/TASK@GROUP (gt show TASK)"],
  ])("that is not written right is explained: %s", (line, expected) => {
    expect(problemOf(line)).toBe(expected);
  });

  test("has a form that makes its line again", () => {
    expect(formFor(show, []).command).toBe("gt show");
    expect(wordsOfForm(show, [], { arg_task: "7" })).toEqual(["gt", "show", "7"]);
  });

  test("has one row with its like in help, and help of their own", () => {
    const [all] = helpAll(COMMANDS, OWNER);
    expect(all).toMatchObject({
      rows: [
        ["status", expect.any(String)],
        ["gt ...", "show, list: help gt tells more."],
        ["help", expect.any(String)],
      ],
    });
    expect(JSON.stringify(helpOnFamily([show, list]))).toContain("gt list");
  });
});

import { expect, test } from "vitest";
import { looksElsewhere } from "../../../src/core/text/endless.ts";
import { issuesOf, oneWorkflow } from "../config/reading.ts";

test.each(["(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>"])("%s looks elsewhere", (pattern) => {
  expect(looksElsewhere(pattern)).toBe(true);
});

test.each(["(?:a)", "(?<name>a)", "a\\\\1", "\\d+", "No space left on device"])("%s does not", (pattern) => {
  expect(looksElsewhere(pattern)).toBe(false);
});

test("a configuration with such a one is refused, in error rules and in expressions", () => {
  expect(issuesOf(oneWorkflow("tasks: { fit: { run: [x], errors: [{ log: '(a+)+(?=b)', then: fail }] } }\n"))).toEqual([
    expect.stringContaining("looks ahead, behind or back; write it without"),
  ]);
  expect(issuesOf(oneWorkflow("select: run.type.matches('(a+)+(?=b)')\ntasks: { fit: { run: [x] } }\n"))).toEqual([
    expect.stringContaining("a regular expression in it looks ahead, behind or back"),
  ]);
});

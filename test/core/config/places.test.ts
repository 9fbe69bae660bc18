import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reading } from "./reading.ts";

/** The text at which the only issue of a workflow file points. */
function pointedAt(text: string): string {
  const file = "workflows/t0/workflow.yaml";
  const { issues } = reading({ "calops.yaml": "experiment: D\n", [file]: text });
  const [issue] = issues ?? [];
  if (!issue || issues?.length !== 1) throw new Error(`${issues?.length} issues`);
  return (text.split("\n")[issue.line - 1] ?? "").slice(issue.column - 1);
}
const HEAD = "description: x\nowner: ann\n";
const TASKS = "tasks: { fit: { run: [fit] } }\n";

describe("a mistake in an expression is told at its own place", () => {
  test.each([
    ["a plain text", "select: run.type == 'a' && run.nope > 1\n"],
    ["a text in double quotes", "select: \"run.type == 'a' && run.nope > 1\"\n"],
    ["a text in double quotes with escapes", 'select: "run.type == \\"a\\" && run.nope > 1"\n'],
    ["a text in single quotes", "select: 'run.type == \"a\" && run.nope > 1'\n"],
    ["a text in single quotes with single quotes", "select: 'run.type == ''a'' && run.nope > 1'\n"],
    ["a block whose lines are kept", "select: |\n  run.type == 'a' &&\n  run.nope > 1\n"],
    ["a block whose lines are folded", "select: >-\n  run.type == 'a' &&\n    (\n  run.nope > 1)\n"],
    ["a plain text over several lines", "select: run.type == 'a' &&\n  run.nope > 1\n"],
    ["a text in quotes over several lines", "select: \"run.type == 'a' &&\n  run.nope > 1\"\n"],
  ])("in %s", (_name, select) => {
    expect(pointedAt(HEAD + select + TASKS)).toMatch(/^nope > 1/);
  });

  test("wherever it stands in a text with quotes of any kind before it", () => {
    const before = fc
      .array(fc.constantFrom("a", '"', "'", "\\\\", "é", "🙂", "\t"), { maxLength: 6 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(before, (text) => {
        const cel = JSON.stringify(text.replaceAll("\\\\", "\\"));
        const select = `run.type == ${cel} && run.nope > 1`;
        expect(pointedAt(`${HEAD}select: ${JSON.stringify(select)}\n${TASKS}`)).toMatch(/^nope > 1/);
      }),
    );
  });
});

describe("an unknown place is told where it stands", () => {
  test.each([
    ["in a list in brackets", 'tasks: { fit: { run: [fit, "--run=${nope}"] } }\n'],
    ["in a list with dashes", "tasks:\n  fit:\n    run:\n      - fit\n      - --run=${nope}\n"],
    ["in a command that is one word", "tasks:\n  fit:\n    run: fit-${nope}\n"],
    ["in a variable", "tasks:\n  fit:\n    run: [fit]\n    env: { RUN: 'run \"x\" ${nope}' }\n"],
    [
      "in a question",
      "tasks:\n  fit:\n    run: [fit]\n    locks:\n      - ask: { what: x, url: 'http://x/${nope}', open: answer.a == 1 }\n",
    ],
  ])("%s", (_name, tasks) => {
    expect(pointedAt(HEAD + tasks)).toMatch(/^\$\{nope\}/);
  });
});

describe("a reference is told where it stands", () => {
  test.each([
    ["a need", "tasks: { fit: { run: [fit], needs: [fit0, nope] }, fit0: { run: [fit] } }\n"],
    ["an executor", "tasks: { fit: { run: [fit], executor: nope } }\n"],
    ["an attribute", `uses: [type, nope]\n${TASKS}`],
    [
      "the files of a task",
      "tasks: { fit: { run: [fit], needs: [fit0], split: { files: nope } }, fit0: { run: [fit] } }\n",
    ],
  ])("%s", (_name, text) => {
    expect(pointedAt(HEAD + text)).toMatch(/^nope/);
  });
});

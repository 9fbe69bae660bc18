import { describe, expect, test } from "vitest";
import { issuesOf, oneWorkflow } from "./reading.ts";

const circle = (line: string) => /wait for each other: (.*);/.exec(line)?.[1];
const workflow = (tasks: string) => `description: x\nowner: ann\ntasks:\n${tasks}`;

describe("tasks that wait for each other are told, once for each circle", () => {
  test("within a workflow", () => {
    const lines = issuesOf(
      oneWorkflow(
        "tasks:\n  a: { run: [x], needs: [b] }\n  b: { run: [x], needs: [c] }\n  c: { run: [x], needs: [a] }\n  d: { run: [x], needs: [a] }\n",
      ),
    );
    expect(lines).toHaveLength(1);
    expect(circle(lines[0] ?? "")?.split(" needs ")).toHaveLength(4);
  });

  test("across workflows, each of which is fine by itself", () => {
    const lines = issuesOf({
      "calops.yaml": "experiment: D\n",
      "workflows/reco/workflow.yaml": workflow("  make: { run: [x], needs: [t0/fit] }\n"),
      "workflows/t0/workflow.yaml": workflow("  fit: { run: [x], needs: [align/move] }\n"),
      "workflows/align/workflow.yaml": workflow("  move: { run: [x], needs: [reco/make] }\n"),
    });
    expect(lines).toHaveLength(1);
    expect(new Set(circle(lines[0] ?? "")?.split(" needs "))).toEqual(new Set(["align/move", "reco/make", "t0/fit"]));
  });

  test("of one task that needs itself", () => {
    expect(issuesOf(oneWorkflow("tasks:\n  a: { run: [x], needs: [a] }\n"))).toEqual([
      "workflows/t0/workflow.yaml:4:26: the tasks wait for each other: t0/a needs t0/a; take one of these needs away",
    ]);
  });

  test("at the need that closes it, whatever is wrong with the needs before it", () => {
    const lines = issuesOf(oneWorkflow("tasks:\n  a: { run: [x], needs: [nope, a] }\n"));
    expect(lines.map((line) => line.split(":")[2])).toEqual(["26", "32"]);
  });

  test("but not those that only meet again", () => {
    expect(
      issuesOf(
        oneWorkflow(
          "tasks:\n  a: { run: [x] }\n  b: { run: [x], needs: [a] }\n  c: { run: [x], needs: [a] }\n  d: { run: [x], needs: [b, c] }\n",
        ),
      ),
    ).toEqual([]);
  });

  test("a need has one slash at most", () => {
    expect(issuesOf(oneWorkflow("tasks:\n  a: { run: [x] }\n  b: { run: [x], needs: [t0/a/c] }\n"))).toHaveLength(1);
  });
});

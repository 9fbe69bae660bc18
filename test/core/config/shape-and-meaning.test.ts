import { describe, expect, test } from "vitest";
import { issuesOf, oneWorkflow } from "./reading.ts";

const places = (lines: readonly string[]) => lines.map((line) => line.split(":").slice(1, 3).join(":"));
const PEOPLE = { "people.yaml": "people: { ann: { name: Ann } }\n" };

describe("a mistake in the shape of a file hides no mistake in its meaning", () => {
  test("beside it in a list, which keeps its own place", () => {
    const lines = issuesOf(
      oneWorkflow(`tasks:
  fit:
    run: [fit]
    needs:
      - 5
      - nope
    locks:
      - {}
      - ask: { what: x, url: "http://\${nope}", open: answer.ready == true }
      - delay: soon
      - ask: { what: x, url: ftp://y, open: answr.ready == true }
`),
    );
    expect(places(lines)).toEqual(["7:9", "8:9", "10:9", "11:38", "12:16", "13:30", "13:45"]);
  });

  test("where a required key is missing", () => {
    const lines = issuesOf({
      "calops.yaml": "experiment: Driftwood\n",
      ...PEOPLE,
      "workflows/t0/workflow.yaml":
        "description: Time zero\nselect: run.nope > 1\ntasks: { fit: { run: [fit], needs: [nope] } }\n",
    });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('workflows/t0/workflow.yaml:1:1: "owner" is missing; add owner: a text');
    expect(lines.join("\n")).not.toContain("is called x");
  });

  test("where what is missing is an expression: nothing is said of it twice", () => {
    const lines = issuesOf(
      oneWorkflow("tasks: { fit: { run: [fit], locks: [{ ask: { what: x, url: 'http://y' } }] } }\n"),
    );
    expect(lines).toEqual(['workflows/t0/workflow.yaml:3:44: "open" is missing; add open: a text']);
  });

  test("where a list is empty that must not be", () => {
    const lines = issuesOf({
      ...oneWorkflow("tasks: { fit: { run: [fit] } }\n"),
      "runtypes.yaml":
        "physics: { filter: run.nope == 1, workflows: [t00] }\ncosmics: { filter: 'true', workflows: [] }\n",
    });
    expect(places(lines)).toEqual(["1:24", "1:47", "2:39"]);
  });

  test("where there is no task at all", () => {
    const lines = issuesOf({
      "calops.yaml": "experiment: Driftwood\n",
      ...PEOPLE,
      "workflows/t0/workflow.yaml": "description: x\nowner: nobody-knows\nselect: run.nope > 1\ntasks: {}\n",
    });
    expect(places(lines)).toEqual(["2:8", "3:13", "4:8"]);
  });

  test("in another file that refers to the broken one", () => {
    const lines = issuesOf({
      "calops.yaml": "experiment: Driftwood\nexecutors: { batch: { local: { slots: many } } }\n",
      "workflows/t0/workflow.yaml":
        "description: x\nowner: ann\ntasks: { fit: { run: [fit], executor: batch, retries: many } }\n",
      "workflows/t1/workflow.yaml":
        "description: x\nowner: ann\ntasks: { fit: { run: [fit], needs: [t0/fit, t0/nope], executor: bacth } }\n",
    });
    expect(places(lines)).toEqual(["2:39", "3:55", "3:45", "3:65"]);
  });

  test("and a file that is not YAML at all makes no mistakes of others'", () => {
    const lines = issuesOf({
      "calops.yaml": "experiment: [Driftwood\nexecutors: { batch: { local: {} } }\n",
      "people.yaml": "people: { ann: { name: Ann }\n",
      "workflows/t0/workflow.yaml": "description: x\nowner: ann\ntasks: { fit: { run: [fit], executor: batch } }\n",
    });
    expect(new Set(lines.map((line) => line.split(":")[0]))).toEqual(new Set(["calops.yaml", "people.yaml"]));
    expect(lines.every((line) => line.includes("not valid YAML"))).toBe(true);
  });
});

describe("a workflow that cannot be read", () => {
  test("has every task that others need of it", () => {
    const lines = issuesOf(
      oneWorkflow("tasks: { fit: { run: [fit], needs: [dst/make] } }\n", {
        "workflows/dst/workflow.yaml": "tasks: [\n",
      }),
    );
    expect(lines.map((line) => line.split(":")[0])).toEqual(["workflows/dst/workflow.yaml"]);
  });
});

describe("one mistake is told once", () => {
  test.each([
    [
      "a kind of source that there is not",
      { "calops.yaml": "experiment: D\nsources: { season: { kafka: {} } }\n" },
      '2:22: unknown key "kafka"; known here: http, watch, command, replay, every, fields',
    ],
    [
      "a kind of source that is mistyped",
      { "calops.yaml": "experiment: D\nsources: { season: { repaly: { file: x } } }\n" },
      '2:22: unknown key "repaly"; write replay',
    ],
    [
      "a kind of grouping that is mistyped",
      oneWorkflow("group: { run: 3 }\ntasks: { fit: { run: [fit] } }\n"),
      '3:10: unknown key "run"; write runs',
    ],
    [
      "a required key that is mistyped",
      { "calops.yaml": "experiment: D\nsources: { season: { replay: { fil: x } } }\n" },
      '2:32: unknown key "fil"; write file',
    ],
  ])("%s", (_name, files, expected) => {
    const lines = issuesOf(files);
    expect(lines.map((line) => line.replace(/^[^:]*:/, ""))).toEqual([expected]);
  });
});

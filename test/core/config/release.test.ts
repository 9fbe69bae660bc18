import { describe, expect, test } from "vitest";
import { configOf, issuesOf, oneWorkflow } from "./reading.ts";

const hold = (released: string, name = "reco") => `${name}: { run: [reco], locks: [{ released: ${released} }] }`;
const tasks = (...all: string[]) =>
  oneWorkflow(`tasks:\n${["fit: { run: [fit] }", ...all].map((task) => `  ${task}\n`).join("")}`, {
    "people.yaml": "people: { ann: { name: Ann, roles: [manager, expert] } }\n",
    "workflows/align/workflow.yaml": "description: x\nowner: ann\ntasks: { fit: { run: [fit] } }\n",
  });

describe("the lock released", () => {
  test("has an hour's announcement and experts who may move it where nothing else is said", () => {
    const { workflows } = configOf(tasks(hold("{ after: 48h, early: [fit, align] }")));
    expect(workflows.t0?.tasks[1]?.locks).toEqual([
      {
        kind: "released",
        afterMs: 172_800_000,
        early: [{ workflow: "t0", task: "fit" }, { workflow: "align" }],
        announceMs: 3_600_000,
        extend: { role: "expert", persons: 1 },
      },
    ]);
  });

  test.each([
    [
      "{ after: 48h, early: [fti] }",
      "5:66: there is no task or workflow fti; write one of fit, reco, t0, t0/fit, t0/reco, align, align/fit",
    ],
    ["{ after: 48h, early: [align/nope] }", "5:66: there is no task or workflow align/nope; write"],
    [
      "{ after: 48h, early: [t0] }",
      "5:66: what waits for the hold cannot end it; name tasks that are done and signed before it",
    ],
    ["{ after: 48h, early: [reco] }", "5:66: what waits for the hold cannot end it;"],
    ["{ after: 48h, early: [] }", "5:65: an empty list; write at least one"],
    [
      "{ after: 30m }",
      "5:53: it would be announced 1h before its end, and so before it has begun; write a longer one, or a shorter announce",
    ],
    ["{ after: 48h, extend: { role: boss } }", "5:74: nobody has the role boss"],
    ["{ after: 48h, extend: { role: manager, persons: 0 } }", "5:92: too small"],
    [
      "{ after: 48h, early: false }",
      "5:65: nothing is named; write true for all that is to be signed, or name tasks or workflows",
    ],
    [
      "{ after: 48h, extend: { role: manager, persons: 2 } }",
      "5:92: only 1 of people.yaml may say it; write 1, or give the role to more people",
    ],
    ["{ early: [fit] }", '"after" is missing'],
  ])("%s is a mistake", (released, issue) => {
    const [first = "", ...others] = issuesOf(tasks(hold(released)));
    expect(first).toContain(issue);
    expect(others).toEqual([]);
  });

  test("is the same for all tasks of a workflow, since a group has one", () => {
    expect(issuesOf(tasks(hold("{ after: 48h }"), hold("{ after: 48h }", "skim")))).toEqual([]);
    expect(issuesOf(tasks(hold("{ after: 48h }"), hold("{ after: 72h }", "skim")))).toEqual([
      expect.stringContaining("a group has one hold, and this is another than that of reco"),
    ]);
  });

  test("counts from the end of a run", () => {
    const files = oneWorkflow(`schedule: 0 6 * * *\ntasks: { ${hold("{ after: 48h }")} }\n`);
    expect(issuesOf(files)).toEqual([expect.stringContaining("and this workflow has none")]);
  });
});

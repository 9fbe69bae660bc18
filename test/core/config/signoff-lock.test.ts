import { expect, test } from "vitest";
import { configOf, issuesOf, oneWorkflow } from "./reading.ts";

const PEOPLE = { "people.yaml": "people: { ann: { name: Ann, roles: [timing] } }\n" };
const tasks = (lock: string, fit = "{ run: [fit], signoff: { role: timing } }") =>
  oneWorkflow(`tasks:\n  fit: ${fit}\n  reco: { run: [reco], locks: [{ signoff: ${lock} }] }\n`, PEOPLE);

test("a lock on a sign-off names the task, and the role that is enough", () => {
  const locksOf = (lock: string) =>
    configOf(tasks(lock)).workflows.t0?.tasks.find(({ name }) => name === "reco")?.locks;
  expect(locksOf("fit")).toEqual([{ kind: "signoff", need: { workflow: "t0", task: "fit" }, role: undefined }]);
  expect(locksOf("{ task: t0/fit, role: timing }")).toMatchObject([{ role: "timing" }]);
});

test.each([
  ["fti", "5:43: there is no task fti"],
  ["{ task: fit, role: boss }", "5:62: no role or person is called boss"],
  ["{ task: reco }", "the tasks wait for each other: t0/reco needs t0/reco"],
])("%s is a mistake", (lock, issue) => {
  expect(issuesOf(tasks(lock)).join("\n")).toContain(issue);
});

test("a sign-off that nobody is asked for is found, and thresholds may ask for one", () => {
  expect(issuesOf(tasks("fit", "{ run: [fit] }"))).toEqual([
    expect.stringContaining(
      "5:43: nobody is ever asked to sign fit; add a signoff to fit, or write needs: [fit] instead",
    ),
  ]);
  const validate = "{ thresholds: { shift: { metric: max, maximum: 5 } } }";
  expect(issuesOf(tasks("fit", `{ run: [fit], validate: ${validate} }`)).join()).not.toContain("nobody is ever asked");
});

test("tasks that wait for each other's sign-off are found", () => {
  const files = tasks("fit", "{ run: [fit], needs: [reco], signoff: { role: timing } }");
  expect(issuesOf(files)).toEqual([expect.stringContaining("the tasks wait for each other")]);
});

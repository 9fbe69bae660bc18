import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confirmations } from "../../../src/core/plan/confirmations.ts";
import { planOf } from "../../../src/core/plan/plan.ts";
import type { Written } from "../config/reading.ts";
import { edit, edited, planBetween, RECONSTRUCTION, REPOSITORY, sideOf, without } from "./planning.ts";

const workflows = (count: number): Written => ({
  "calops.yaml": "experiment: D\n",
  ...Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `workflows/w${index}/workflow.yaml`,
      "description: x\nowner: ann\ntasks: { fit: { run: [fit] } }\n",
    ]),
  ),
});

describe("a person must confirm", () => {
  test("exactly the changes that remove more than a third of the workflows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), (before, after) => {
        const needed = confirmations(planBetween(workflows(before), workflows(after)));
        expect(needed.length).toBe(Math.max(0, before - after) > before / 3 ? 1 : 0);
      }),
      { numRuns: 40 },
    );
  });

  test("also where as many are added: a new name is a new workflow", () => {
    const renamed = {
      ...workflows(1),
      "workflows/new/workflow.yaml": workflows(1)["workflows/w0/workflow.yaml"] ?? "",
    };
    expect(confirmations(planBetween(workflows(2), renamed))).toEqual([
      "1 of 2 workflows would be removed, more than a third: w1",
    ]);
  });

  test("that nobody is left in a role, not that somebody is", () => {
    expect(confirmations(planBetween(REPOSITORY, edit("people.yaml", "[shifter]", "[expert]")))).toEqual([
      "nobody would have the role shifter any more",
    ]);
    expect(
      confirmations(
        planBetween(REPOSITORY, edit("people.yaml", "[expert, timing-expert]", "[timing-expert, shifter]")),
      ),
    ).toEqual(["nobody would have the role expert any more"]);
    const both = edit("people.yaml", "[shifter]", "[expert, shifter]");
    expect(
      confirmations(planBetween(both, edited(both, ["people.yaml", "[expert, timing-expert]", "[timing-expert]"]))),
    ).toEqual([]);
  });

  test("that there are no people any more", () => {
    const after = edited(without(REPOSITORY, "people.yaml"), [RECONSTRUCTION, "ben", "ben"]);
    expect(confirmations(planBetween(REPOSITORY, after))).toHaveLength(3);
  });

  test("that runs are other moments for the conditions", () => {
    const after = edit("calops.yaml", "executors:", "conditions: { major: run.fill }\nexecutors:");
    expect(confirmations(planBetween(REPOSITORY, after))).toEqual([
      "runs would be other moments for the conditions, and what tags hold keeps the moments it has: conditions.major run.number -> run.fill",
    ]);
  });

  test("nothing of a first deployment", () => {
    expect(confirmations(planOf({ before: undefined, after: sideOf(REPOSITORY) }))).toEqual([]);
  });
});

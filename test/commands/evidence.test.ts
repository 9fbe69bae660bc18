import { afterEach, describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/index.ts";
import { type Harness, startHarness } from "../engine/harness.ts";
import { configOf } from "../engine/workflow-text.ts";
import { giveToResting, shown } from "./a-season.ts";
import { differences, rawMoments, shapeOf } from "./json-doc.ts";

let harness: Harness;
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.stop();
});

const VALIDATE = `
      first: accept
      reference: { run: 1 }
      thresholds:
        shift: { accept: abs(metrics.shift - previous.shift) < 5, veto: metrics.shift > 100 }
        near: { accept: metrics.shift < 2 * reference.shift }
        t0: { channels: { prefix: t0_, error: t0err_, act: 0.5, significance: 3, most: 20 } }`;

/** Of each run. */
const MEASURED = new Map([
  ["1", { shift: 10, t0_1: 5, t0_2: 5, t0err_1: 0.1, t0err_2: 0.1 }],
  ["2", { shift: 12, t0_1: 5.1, t0_2: 8, t0err_1: 0.1, t0err_2: 0.1 }],
]);

async function start(validate = VALIDATE) {
  harness = await startHarness({
    files: configOf({
      t0: `channel: "#timing"\ntasks:\n  fit:\n    run: [fit]\n${validate === "" ? "" : `    validate:${validate}\n`}`,
    }),
    script: ({ facts }) => ({
      outputs: {
        "metrics.json": JSON.stringify(MEASURED.get(facts.group.key)),
        "plots/t0.svg": "<svg/>",
        "t0.db": "constants",
      },
    }),
  });
  await harness.take({ number: 1 });
  // The reference itself has none to be compared with: somebody looks at it.
  if (validate !== "") await harness.command("approve t0/fit@1 the reference");
  await harness.take({ number: 2 });
}

const give = async (line: string) => shown(await harness.command(line), harness);

describe("evidence", () => {
  test("shows each threshold with its numbers, the worst first, the change since the run before, the plots and what to do", async () => {
    await start();
    const id = (await harness.task("t0", "fit", "2")).id;
    expect((await give("evidence t0/fit@2")).text.split("\n")).toEqual([
      "Task 2, t0/fit of 2, attempt 1: its thresholds say ask.",
      "  state      awaiting-signoff: t0: 1 of 2 channels asks",
      "  runs       run 2",
      "  commit     b6589fc6 by Ann: first",
      "  judged     12:00:00",
      "  before     1 (task 1)",
      "  reference  1 (task 1)",
      "  history    1 earlier result",
      "  - ? t0: 1 of 2 channels asks (asking 1, vetoing 0, may_ask 0, largest_change 3)",
      "  - ? t0 2: change 3: 0.5 or more, 30 times its error (value 8, before 5)",
      "  - ✓ shift: abs(metrics.shift - previous.shift) < 5 holds (metrics.shift 12, previous.shift 10)",
      "  - ✓ near: metrics.shift < 2 * reference.shift holds (metrics.shift 12, reference.shift 10)",
      "  - ✓ t0 1: change 0.1: less than 0.5 (value 5.1, before 5, error 0.1)",
      "  metric   value  before  change",
      "  t0_2         8       5      +3",
      "  shift       12      10      +2",
      "  t0_1       5.1       5    +0.1",
      "  t0err_1    0.1     0.1       0",
      "  t0err_2    0.1     0.1       0",
      "Plots:",
      "  - plots/t0.svg http://bot/outputs/plots/t0.svg",
      "Next: approve 2 | reject 2 REASON",
    ]);
    expect((await give(`task ${id}`)).text).toMatch(/thresholds +ask \(evidence 2\)/);
    expect((await give(`why ${id}`)).text).toContain("Its thresholds say ask: evidence 2 shows each with its numbers.");
  });

  test("is data of just the fields that are described, where a bot runs and where none does", async () => {
    await start();
    const { data } = await give("evidence t0/fit@2");
    const doc = COMMANDS.find(({ name }) => name === "evidence")?.json ?? "";
    expect(differences(shapeOf(doc), data)).toEqual([]);
    expect(rawMoments(data)).toEqual([]);
    expect(data).toMatchObject({
      verdict: "ask",
      findings: [
        { name: "t0", channel: null, verdict: "ask" },
        { name: "t0", channel: "2", numbers: { change: 3 } },
        {},
        {},
        {},
      ],
      previous: { group: "1", task: 1, attempt: 1 },
    });
    const { ok, data: resting } = await giveToResting(harness, "evidence 2");
    expect([ok, (resting as { verdict: string }).verdict]).toEqual([true, "ask"]);
  });

  test("is of an earlier attempt where that is asked for, and says which there are", async () => {
    await start();
    await harness.command("reprocess t0/fit@2 --why better");
    expect((await give("evidence t0/fit@2 --attempt 1")).text).toContain("attempt 1: its thresholds say ask");
    const { ok, text } = await give("evidence t0/fit@2 --attempt 7");
    expect([ok, text]).toEqual([
      false,
      "Task 2, t0/fit of 2, has no result of attempt 7. There is one of attempt 1, 2: evidence 2 --attempt 2",
    ]);
    expect((await give("evidence t0/fit@9")).text).toContain("There is no task");
  });

  test("of a task without thresholds is its numbers and plots", async () => {
    await start("");
    const { text } = await give("evidence t0/fit@2");
    expect(text).toContain("it was not judged by thresholds");
    expect(text).toContain("plots/t0.svg");
  });
});

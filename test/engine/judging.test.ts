import { afterEach, describe, expect, test } from "vitest";
import type { Verdict } from "../../src/core/validation/judgement.ts";
import { textOf } from "../fakes/memory-chat.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness;
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.stop();
});

const PEOPLE = "people:\n  ann: { name: Anna, roles: [timing] }\n  ben: { name: Ben, roles: [timing] }\n";
const LIMITS = "{ accept: abs(metrics.shift - previous.shift) < 5, veto: metrics.shift > 100 }";

/** What each run measures. */
const measured = new Map<string, number>();

async function start(validate: string, shifts: Readonly<Record<string, number>>, more = "") {
  measured.clear();
  for (const [run, shift] of Object.entries(shifts)) measured.set(run, shift);
  harness = await startHarness({
    files: configOf(
      {
        t0: `channel: "#timing"\ntasks: { fit: { run: [fit], validate: ${validate}${more} }, use: { run: [use], needs: [fit] } }\n`,
      },
      { "people.yaml": PEOPLE },
    ),
    script: ({ facts }) =>
      facts.task.name === "fit"
        ? { outputs: { "metrics.json": JSON.stringify({ shift: measured.get(facts.group.key) }), "shift.png": "png" } }
        : {},
  });
}

const fitOf = (run: number) => harness.task("t0", "fit", String(run));
const use = async (run: number) => (await harness.task("t0", "use", String(run))).state;
async function judgement(run: number) {
  const { id, attempt } = await fitOf(run);
  return await harness.store.queries.judgement(id, attempt);
}
const verdict = async (run: number): Promise<Verdict | undefined> => (await judgement(run))?.verdict;

describe("a task with thresholds", () => {
  test("is done where its result is accepted, fails where it is vetoed, and asks its owner otherwise", async () => {
    await start(`{ first: accept, thresholds: { shift: ${LIMITS} } }`, { 1: 10, 2: 13, 3: 20, 4: 101 });
    for (const number of [1, 2, 3, 4]) await harness.take({ number });
    expect(await fitOf(1)).toMatchObject({ state: "done", reason: "accepted by 1 threshold" });
    expect(await fitOf(2)).toMatchObject({ state: "done" });
    expect(await fitOf(3)).toMatchObject({
      state: "awaiting-signoff",
      reason: "shift: abs(metrics.shift - previous.shift) < 5 does not hold (metrics.shift 20, previous.shift 13)",
    });
    expect(await fitOf(4)).toMatchObject({
      state: "failed",
      reason: "vetoed by shift: metrics.shift > 100 holds (metrics.shift 101)",
    });
    expect([await use(1), await use(3), await use(4)]).toEqual(["done", "held", "held"]);
    const [alert] = await harness.store.queries.firingAlerts();
    expect(alert?.evidence).toMatchObject({
      reason: expect.stringContaining("vetoed by shift"),
      refused: true,
      nextTry: "not by itself: what its jobs made was refused",
    });
    const { id } = await fitOf(4);
    expect(textOf({ blocks: (await harness.command(`why ${id}`)).say })).toContain(
      `Next: evidence ${id} | reprocess ${id}`,
    );
    expect((await harness.command(`retry ${id}`)).ok).toBe(false);
    expect(await harness.store.queries.results((await fitOf(4)).id)).toMatchObject([
      { state: "failed", metrics: { shift: 101 } },
    ]);
  });

  test("keeps what was said with its numbers, where they come from, and the commit", async () => {
    await start(`{ thresholds: { shift: ${LIMITS} }, first: accept }`, { 1: 10, 2: 20 });
    for (const number of [1, 2]) await harness.take({ number });
    expect(await judgement(2)).toMatchObject({
      verdict: "ask",
      findings: [{ name: "shift", verdict: "ask", numbers: { "metrics.shift": 20, "previous.shift": 10 } }],
      compared: { previous: { group: "1", task: (await fitOf(1)).id, attempt: 1 }, reference: null, history: 1 },
      commit: (await fitOf(2)).commit,
    });
  });

  test("compares with the run before, in whatever order they come, and with what counts only", async () => {
    await start(`{ thresholds: { shift: ${LIMITS} }, first: accept }`, { 1: 10, 2: 50, 3: 12, 9: 90 });
    for (const number of [9, 1, 2, 3]) await harness.take({ number });
    // Nobody has said that 2 may be used, so 3 is compared with 1; 9 is later than all.
    expect(await verdict(2)).toBe("ask");
    expect(await judgement(3)).toMatchObject({ verdict: "accept", findings: [{ numbers: { "previous.shift": 10 } }] });
    expect((await judgement(1))?.compared.previous).toBeNull();
  });

  test("whose first result nothing is declared for asks, and once it is signed the next is compared with it", async () => {
    await start(`{ thresholds: { shift: ${LIMITS} } }`, { 1: 10, 2: 11 });
    await harness.take({ number: 1 });
    expect(await fitOf(1)).toMatchObject({
      state: "awaiting-signoff",
      reason: "shift: the first result: there is no earlier one to compare it with",
    });
    const signed = await harness.command(`approve ${(await fitOf(1)).id}`, {
      id: "ann",
      roles: ["timing"],
      owner: false,
    });
    expect(signed.ok).toBe(true);
    await harness.take({ number: 2 });
    expect(await verdict(2)).toBe("accept");
  });

  test("may have a reference run, which asks as long as it has no result", async () => {
    const near =
      "{ thresholds: { near: { accept: abs(metrics.shift - reference.shift) < 5 } }, reference: { run: 2 } }";
    await start(near, { 1: 11, 2: 10, 3: 12 }, ", signoff: { role: timing, auto: verdict == 'accept' }");
    await harness.take({ number: 1 });
    expect((await judgement(1))?.findings[0]?.detail).toContain("the reference has no result");
    await harness.take({ number: 2 });
    await harness.command(`approve ${(await fitOf(2)).id}`, { id: "ann", roles: ["timing"], owner: false });
    await harness.take({ number: 3 });
    expect(await judgement(3)).toMatchObject({
      verdict: "accept",
      compared: { reference: { group: "2", task: (await fitOf(2)).id, attempt: 1 } },
    });
    expect(await fitOf(3)).toMatchObject({ state: "done" });
  });

  test("is judged anew when it is made anew, and what was said before is kept", async () => {
    await start(`{ thresholds: { shift: ${LIMITS} }, first: accept }`, { 1: 101 });
    await harness.take({ number: 1 });
    measured.set("1", 3);
    await harness.command(`reprocess ${(await fitOf(1)).id}`);
    expect(await fitOf(1)).toMatchObject({ state: "done", attempt: 2 });
    const { id } = await fitOf(1);
    expect((await harness.store.queries.judgement(id, 1))?.verdict).toBe("veto");
    expect((await harness.store.queries.judgement(id, 2))?.verdict).toBe("accept");
  });
});

import { afterEach, describe, expect, test } from "vitest";
import { MemoryConditions } from "../fakes/memory-conditions.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness;
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.stop();
});

const HOUR = 3_600_000;
const TAG = `description: Constants on their way
types: { t0: { description: Time zero } }
`;
const files = (more = "", rest: Readonly<Record<string, string>> = {}) =>
  configOf(
    {
      t0: `tasks: { calibrate: { run: ["true"], retries: 0, publish: { payload: t0, tag: staging${more} } } }\n`,
      reco: 'tasks: { reconstruct: { run: ["true", "${conditions.t0}"], constants: { tag: staging, payloads: t0, when: from-run } } }\n',
      ...rest,
    },
    { "tags/staging.yaml": TAG, "campaigns/prompt.yaml": "kind: prompt\ntags: { staging: staging }\n" },
  );
const t0 = (content: string): Record<string, string> => ({
  "t0.json": content,
  "outputs.json": JSON.stringify({ files: [], payloads: [{ type: "t0", path: "t0.json" }] }),
});
const staging = { environment: "production", name: "staging" };
const holds = async (h: Harness) =>
  (await h.conditions.iovs(staging)).map(({ from, until }) => [from.major, until?.major ?? null]);
const events = async (h: Harness, task: number) =>
  ((await h.command(`history task ${task}`)).data as { event: string }[]).map(({ event }) => event);

describe("constants of a task", () => {
  test("go into the tag in the order of the runs, and are given to what waits for them", async () => {
    harness = await startHarness({
      files: files(),
      script: ({ facts }) =>
        facts.task.name === "calibrate"
          ? { exit: facts.run?.number === 1 ? "never" : 0, outputs: t0(`run ${facts.run?.number}`) }
          : {},
    });
    await harness.take({ run: 1 }, { run: 2 });
    expect(await holds(harness)).toEqual([]);
    const waiting = (await harness.command("why reco/reconstruct@1")).data as { waitingFor: unknown };
    expect(waiting.waitingFor).toMatchObject([
      { lock: "conditions", detail: "constants of staging: t0 has none at 1" },
    ]);
    harness.executor.end(harness.executor.orders.find(({ facts }) => facts.run?.number === 1)?.key ?? "", 0);
    await harness.settle();
    expect(await holds(harness)).toEqual([
      [1, 2],
      [2, null],
    ]);
    const reconstructions = harness.executor.orders.filter(({ facts }) => facts.task.name === "reconstruct");
    expect(reconstructions.map(({ facts }) => [facts.run?.number, facts.conditions["t0"]?.[0]?.from.major])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(reconstructions[0]?.command[1]).toBe(reconstructions[0]?.facts.conditions["t0"]?.[0]?.path);
  });

  test("wait for an earlier run only so long; it comes late, for its own stretch", async () => {
    harness = await startHarness({
      files: files(", wait: 1h"),
      script: ({ facts }) =>
        facts.task.name === "calibrate"
          ? { exit: facts.run?.number === 1 ? "never" : 0, outputs: t0(`run ${facts.run?.number}`) }
          : { exit: "never" },
    });
    await harness.take({ run: 1 }, { run: 2 });
    await harness.pass(HOUR / 2);
    expect(await holds(harness)).toEqual([]);
    await harness.pass(HOUR);
    expect(await holds(harness)).toEqual([[2, null]]);
    harness.executor.end(harness.executor.orders.find(({ facts }) => facts.run?.number === 1)?.key ?? "", 0);
    await harness.settle();
    expect(await holds(harness)).toEqual([
      [1, 2],
      [2, null],
    ]);
  });

  test("that come too late can be left out, and are told so", async () => {
    harness = await startHarness({
      files: files(", wait: 0s, late: leave-out"),
      script: ({ facts }) =>
        facts.task.name === "calibrate"
          ? { exit: facts.run?.number === 1 ? "never" : 0, outputs: t0(`run ${facts.run?.number}`) }
          : { exit: "never" },
    });
    await harness.take({ run: 1 }, { run: 2 });
    harness.executor.end(harness.executor.orders.find(({ facts }) => facts.run?.number === 1)?.key ?? "", 0);
    await harness.settle();
    expect(await holds(harness)).toEqual([[2, null]]);
    const task = await harness.task("t0", "calibrate", "1");
    expect((await harness.command(`history task ${task.id}`)).data).toContainEqual(
      expect.objectContaining({ event: "published", why: expect.stringContaining("constants of a later run") }),
    );
  });

  test("may be none at all, which is a result", async () => {
    harness = await startHarness({ files: files() });
    await harness.take({ run: 1 });
    const task = await harness.task("t0", "calibrate", "1");
    expect(await events(harness, task.id)).toContain("published");
    expect(await holds(harness)).toEqual([]);
  });

  test("that cannot be published are told, with what to do", async () => {
    harness = await startHarness({
      files: files(),
      script: ({ facts }) =>
        facts.task.name === "calibrate"
          ? {
              outputs: {
                "x.json": "1",
                "outputs.json": JSON.stringify({ payloads: [{ type: "pedestals", path: "x.json" }] }),
              },
            }
          : {},
    });
    await harness.take({ run: 1 });
    const task = await harness.task("t0", "calibrate", "1");
    expect(await events(harness, task.id)).toContain("publication-refused");
    expect(JSON.stringify(harness.chat)).toContain("a job left a payload of type pedestals");
    expect((await harness.command(`publish ${task.id}`)).ok).toBe(true);
    expect((await events(harness, task.id)).filter((event) => event === "publication-refused")).toHaveLength(2);
  });

  test("made anew replace what was published, and what was made with it is stale", async () => {
    let round = 1;
    harness = await startHarness({
      files: files(),
      script: ({ facts }) => (facts.task.name === "calibrate" ? { outputs: t0(`round ${round}`) } : {}),
    });
    await harness.take({ run: 1 });
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("done");
    round = 2;
    await harness.command('reprocess t0/calibrate@1 --why "better alignment"');
    await harness.settle();
    expect(await holds(harness)).toEqual([[1, null]]);
    const reconstructed = await harness.task("reco", "reconstruct", "1");
    expect(reconstructed.stale?.why).toMatch(/^t0 of staging is [0-9a-f]{12} where it was [0-9a-f]{12}$/);
  });

  test("that a task waits for may have to be newer than its runs, and one that nobody can answer for keeps it waiting", async () => {
    const conditions = new MemoryConditions();
    const late = configOf(
      {
        laser:
          'tasks: { correct: { run: ["true"], locks: [{ conditions: { tag: staging, payloads: t0, when: newer } }] } }\n',
      },
      { "tags/staging.yaml": TAG, "campaigns/prompt.yaml": "kind: prompt\ntags: { staging: staging }\n" },
    );
    harness = await startHarness({ files: late, conditions });
    const waitsFor = async () =>
      ((await harness.command("why laser/correct@5")).data as { waitingFor: { detail: string }[] }).waitingFor;
    conditions.away = true;
    await harness.take({ run: 5 });
    expect(await waitsFor()).toMatchObject([{ detail: "constants of staging: no answer: nobody answers" }]);
    conditions.away = false;
    await harness.pass(2 * HOUR);
    expect(await waitsFor()).toMatchObject([{ detail: "constants of staging: t0 has nothing that begins after 5" }]);
    const { hash } = await harness.conditions.keep("t0", import.meta.filename);
    await harness.command(`gt put staging ${hash} --runs 1-5`);
    expect((await harness.task("laser", "correct", "5")).state).toBe("held");
    const asked = await harness.command(`gt put staging ${hash} --from 6`);
    expect(asked.ok, JSON.stringify(asked.say)).toBe(true);
    await harness.settle();
    expect((await harness.task("laser", "correct", "5")).state).toBe("done");
  });
});

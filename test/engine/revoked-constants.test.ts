import { afterEach, describe, expect, test } from "vitest";
import { textOf } from "../fakes/memory-chat.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness;
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.stop();
});

const TYPES = "types: { t0: { description: Time zero } }\n";
const staging = { environment: "production", name: "staging" };

/** @param state of the tag that the constants are published in */
async function start(state: string) {
  harness = await startHarness({
    files: configOf(
      {
        t0: 'channel: "#timing"\ntasks: { calibrate: { run: ["true"], signoff: { role: timing }, publish: { payload: t0, tag: staging } } }\n',
        reco: 'tasks: { reconstruct: { run: ["true"], constants: { tag: staging, payloads: t0 } } }\n',
      },
      {
        "tags/staging.yaml": `description: On their way\nstate: ${state}\n${TYPES}`,
        "campaigns/prompt.yaml": "kind: prompt\ntags: { staging: staging }\n",
      },
    ),
    script: ({ facts }) =>
      facts.task.name === "calibrate"
        ? {
            outputs: {
              "t0.json": `attempt ${facts.task.attempt} of ${facts.run?.number}`,
              "outputs.json": JSON.stringify({ files: [], payloads: [{ type: "t0", path: "t0.json" }] }),
            },
          }
        : {},
  });
  await harness.take({ run: 1 });
}

const holds = async () => (await harness.conditions.iovs(staging)).length;
const reconstruct = () => harness.task("reco", "reconstruct", "1");
const approve = () => harness.command("approve t0/calibrate@1");

describe("constants", () => {
  test("wait for the sign-off of their task", async () => {
    await start("OPEN");
    expect([await holds(), (await reconstruct()).state]).toEqual([0, "held"]);
    await approve();
    expect([await holds(), (await reconstruct()).state]).toEqual([1, "done"]);
  });

  test("whose sign-off is revoked leave their tag, and what used them is stale until both are made anew", async () => {
    await start("OPEN");
    await approve();
    const answer = await harness.command("revoke t0/calibrate@1 wrong reference");
    expect(answer.data).toMatchObject({
      state: "revoked",
      stale: [{ workflow: "reco", task: "reconstruct", group: "1" }],
    });
    expect([await holds(), (await reconstruct()).stale !== null]).toEqual([0, true]);
    // What comes now waits: nothing is made with what nobody stands for.
    await harness.take({ run: 2 });
    expect((await harness.task("reco", "reconstruct", "2")).state).toBe("held");

    await harness.command("reprocess t0/calibrate@1");
    await approve();
    expect(await holds()).toBe(1);
    await harness.command("reprocess --stale");
    expect(await reconstruct()).toMatchObject({ state: "done", stale: null, attempt: 2 });
  });

  test("that a tag does not give back are told to be there still, and what used them is stale", async () => {
    await start("RUNNING");
    await approve();
    await harness.command("revoke t0/calibrate@1 wrong reference");
    expect([await holds(), (await reconstruct()).stale?.why]).toEqual([
      1,
      "t0/calibrate of 1: its sign-off was revoked by ann: wrong reference",
    ]);
    expect(harness.chat.texts.at(-1)).toContain("its constants are in staging still, which takes nothing back");
    expect(textOf({ blocks: (await harness.command("stale")).say })).toContain("reco/reconstruct");
  });
});

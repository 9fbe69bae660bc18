/** What is asked about environments where the words of an answer matter; how they live is told by the engine's tests. */
import { afterEach, describe, expect, test } from "vitest";
import { type Harness, startHarness } from "../engine/harness.ts";
import { configOf } from "../engine/workflow-text.ts";
import type { Files } from "../fakes/memory-repository.ts";
import { shown } from "./a-season.ts";

let harness: Harness;
afterEach(() => harness.stop());

const files = (more: Files = {}): Files =>
  configOf(
    { t0: 'tasks: { fit: { run: ["true"] } }\n' },
    {
      "environments.yaml": 'mirrors: { branches: ["*"], runs: { last: 2 }, channel: "#dev", isolation: none }\n',
      ...more,
    },
  );
const give = async (line: string) => shown(await harness.command(line), harness);

describe("which, of a file", () => {
  test("tells the commit of the attempt that wrote it, in the environment whose directory it lies in", async () => {
    harness = await startHarness({ files: files() });
    await harness.take({ run: 1 });
    const head = harness.repository.push(files({ "workflows/t0/fit.sh": "#!/bin/sh\n" }), "finer", { branch: "finer" });
    await harness.follow();
    await harness.pass(60_000);
    const [ours, theirs] = [await harness.task("t0", "fit", "1"), await harness.task("t0", "fit", "1", "mirror/finer")];
    await give(`reprocess ${ours.id}`);
    const made = (step: string, attempt: number) =>
      give(`which /data/jobs/${step}/prompt/t0/1/fit.${attempt}/0.1-1f2e3d4c/out/t0.json`);
    expect((await made("mirror_2ffiner", 1)).data).toMatchObject({
      task: theirs.id,
      attempts: [{ attempt: 1, commit: head }],
    });
    expect((await made("production", 2)).data).toMatchObject({ task: ours.id, attempts: [{ attempt: 2 }] });
    expect(await made("production", 3)).toMatchObject({ ok: false });
  });
});

describe("freeze", () => {
  test.each([
    ["8h: new people", "2026-11-24T20:00:00.000Z", "new people"],
    ["until 8h new people", "2026-11-24T20:00:00.000Z", "new people"],
    ["until 2026-12-01T08:00: heavy ions: all night", "2026-12-01T08:00:00.000Z", "heavy ions: all night"],
    ["until 2026-12-01 08:00: heavy ions", "2026-12-01T08:00:00.000Z", "heavy ions"],
    ["2026-12-01 heavy ions", "2026-12-01T00:00:00.000Z", "heavy ions"],
  ])("takes: %s", async (rest, until, why) => {
    harness = await startHarness({ files: files() });
    expect((await give(`freeze production ${rest}`)).data).toEqual({ environment: "production", until, why });
  });
});

test("which tells the release and the global tag of the commit that an attempt was made with", async () => {
  const campaign = (release: string) => ({
    "campaigns/prompt.yaml": `{ kind: prompt, workflows: [t0], release: "${release}", tag: prompt_v1 }\n`,
  });
  harness = await startHarness({ files: files(campaign("26.1")) });
  await harness.take({ run: 1 });
  const { id } = await harness.task("t0", "fit", "1");
  harness.repository.push(files(campaign("26.2")), "another release");
  await harness.follow();
  await give(`reprocess ${id}`);
  expect((await give(`which ${id}`)).data).toMatchObject({
    attempts: [
      { attempt: 1, release: "26.1", tag: "prompt_v1" },
      { attempt: 2, release: "26.2", tag: "prompt_v1" },
    ],
  });
});

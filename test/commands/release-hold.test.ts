import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/index.ts";
import { type Harness, startHarness } from "../engine/harness.ts";
import { configOf } from "../engine/workflow-text.ts";
import { giveToResting, shown } from "./a-season.ts";
import { differences, rawMoments, shapeOf } from "./json-doc.ts";

const LOCK = "{ released: { after: 48h, early: [t0], extend: { role: manager, persons: 2 } } }";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    files: configOf(
      {
        t0: 'tasks: { calibrate: { run: ["true"] } }\n',
        reco: `tasks: { make: { run: ["true"], locks: [${LOCK}] } }\n`,
        sum: `group: fill\ntasks: { add: { run: ["true"], locks: [${LOCK}] } }\n`,
      },
      {
        "people.yaml":
          "people: { ann: { name: Ann }, mia: { name: Mia, roles: [shifter, manager] }, max: { name: Max, roles: [manager] } }\n",
      },
    ),
    script: ({ facts }) => ({ exit: facts.task.name === "calibrate" ? "never" : 0 }),
  });
  await harness.take({ run: 1, fill: 7, end: "2026-11-24T12:00:00Z" }, { run: 2, fill: 8 });
});
afterAll(() => harness.stop());

const give = async (line: string) => shown(await harness.command(line), harness);

describe("release-hold", () => {
  test("show tells until when, what is not signed and by whom, of each workflow that waits", async () => {
    const { text, data } = await give("release-hold show 1");
    expect(text).toMatch(
      /^reco of run 1, prompt waits for the hold for release: until 2026-11-26 12:00 .*\nNot signed yet, 1 of 1:\n.*t0\/calibrate of 1 \(task \d\), processing: ann\nsum of fill 7, prompt waits for/,
    );
    const doc = COMMANDS.find(({ name }) => name === "release-hold show")?.json ?? "";
    expect(differences(shapeOf(doc), data)).toEqual([]);
    expect(rawMoments(data)).toEqual([]);
    expect((await give("release-hold show 1 --workflow sum")).data).toMatchObject([
      { workflow: "sum", group: "fill-7" },
    ]);
  });

  test("extend asks for a second person where two are declared, and says what they are to write", async () => {
    const { text, data } = await give("release-hold extend 1 6h look once more --workflow reco");
    expect(text).toBe(
      "reco of run 1, prompt: this takes 2 people with the role manager, and 1 more must say the same within a day: release-hold extend 1 6h REASON",
    );
    const doc = COMMANDS.find(({ name }) => name === "release-hold extend")?.json ?? "";
    expect(differences(shapeOf(doc), data)).toEqual([]);
  });

  test.each([
    ["release-hold extend 1 0s x", /"0s" is not a length of time, a minute or more: write for example 30m, 6h or 2d/],
    ["release-hold extend 1 90d far too long --workflow reco", /put off by 30d in all at most.*hold run:RUN REASON/],
    ["release-hold force 9 x", /Run 9 is not known/],
    ["release-hold show 1 --workflow t0", /Nothing of run 1 is held for release/],
    [
      "release-hold",
      /"release-hold" alone is no command: write release-hold show, release-hold extend, release-hold force/,
    ],
  ])("%s is refused with what to do instead", async (line, words) => {
    const { ok, text } = await give(line);
    expect(ok).toBe(false);
    expect(text).toMatch(words);
  });

  test("force shows what would go without a signature, and asks", async () => {
    const { text } = shown(await harness.command("release-hold force 1 now", { via: "terminal" }), harness);
    expect(text).toMatch(/This releases at once, and what waits for nothing else begins:[\s\S]*Not signed yet, 1 of 1/);
    expect(text).toMatch(/confirm \w+/);
  });

  test.each(["release-hold show 1", "release-hold extend 1 6h x", "release-hold force 1 x"])(
    "%s needs a bot that runs",
    async (line) => {
      expect((await giveToResting(harness, line)).text).toMatch(/^The bot is not running, so/);
    },
  );
});

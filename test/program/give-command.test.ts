import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { giveCommand } from "../../src/program/give-command.ts";
import { aSeason, type Season } from "../commands/a-season.ts";

let season: Season;
beforeAll(async () => {
  season = await aSeason();
});
afterAll(() => season.harness.stop());

async function give(...words: string[]) {
  const [output, errors] = [new PassThrough({ encoding: "utf8" }), new PassThrough({ encoding: "utf8" })];
  const world = { args: [], env: {}, input: new PassThrough(), output, errors, onStop: () => {}, onReload: () => {} };
  const code = await giveCommand({ verb: words[0], words, options: { data: season.harness.root } }, world);
  return { code, output: output.read() ?? "", errors: errors.read() ?? "" };
}

describe("a command on the command line, where no bot listens", () => {
  test("that is answered ends with 0 and its answer", async () => {
    const { code, output, errors } = await give("why", "3");
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output).toMatch(/^Task 3, reco\/make of 1, is held/);
  });

  test("that is refused ends with 1, and the reason stands on standard error", async () => {
    expect(await give("retry", "5")).toEqual({
      code: 1,
      output: "",
      errors: expect.stringMatching(/^The bot is not running, so nothing can be changed\. Start it with calops start/),
    });
    expect(await give("task", "999", "--json")).toMatchObject({ code: 1, output: "" });
  });

  test("that cannot be understood ends with 2, and what to type instead stands on standard error", async () => {
    expect(await give("statsu")).toEqual({
      code: 2,
      output: "",
      errors: 'There is no command "statsu": did you mean status? help lists all.\n',
    });
    expect(await give("tasks", "--limit", "many")).toMatchObject({ code: 2, output: "" });
  });

  test("that asks for JSON gets one document and nothing else", async () => {
    const { code, output, errors } = await give("tasks", "--json", "--run", "2");
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(JSON.parse(output)).toMatchObject([{ id: 7 }, { id: 6 }, { id: 5 }, { id: 4 }]);
  });
});

/** Every command by everybody, everywhere, in every environment: what nobody has written down is refused. */
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/index.ts";
import { done } from "../../src/core/command/command.ts";
import { wordsOf } from "../../src/core/command/parse.ts";
import { commandDesk } from "../../src/engine/talk/command-desk.ts";
import type { CommandRecord } from "../../src/ports/operations.ts";
import {
  ENVIRONMENTS,
  isWritten,
  KINDS_OF_COMMANDS,
  PLACES,
  type PlaceName,
  ROWS,
  standing,
} from "./written-rights.ts";

let ran: string[] = [];
let remembered: CommandRecord[] = [];
const desk = commandDesk({
  commands: COMMANDS.map(({ preview: _, ...command }) => ({
    ...command,
    run: async () => {
      ran.push(command.name);
      return done([], null);
    },
  })),
  contextFor: () => undefined,
  knows: async () => true,
  remember: async (record) => void remembered.push(record),
  now: () => 0,
  log: { info: () => {}, warn: () => {}, error: () => {} },
});

/** A line that gives the command in an environment, by what it is about or by its option. */
function lineIn(environment: string, { examples, args }: (typeof COMMANDS)[number]): string {
  const [example = ""] = examples;
  return "environment" in args && / production\b/.test(example)
    ? example.replace(" production", ` ${environment}`)
    : `${example} --env ${environment}`;
}

const written = Object.values(KINDS_OF_COMMANDS).flat() as string[];

test("every command stands in the table once; a new one is written into written-rights.ts", () => {
  expect([...written].sort()).toEqual(COMMANDS.map((command) => command.name).sort());
});

describe.each(ROWS)("$who", (row) => {
  test.each(Object.keys(PLACES) as PlaceName[])("in %s may just what is written", async (place) => {
    const actor = standing(row, place);
    const [wrong, expected]: [string[], CommandRecord["outcome"][]] = [[], []];
    remembered = [];
    for (const command of COMMANDS.filter(({ name }) => written.includes(name))) {
      for (const environment of ENVIRONMENTS) {
        ran = [];
        const line = lineIn(environment, command);
        const may = isWritten(row, command.name, place, environment);
        expected.push(may ? "done" : "not allowed");
        const { ok } = await desk.answer(wordsOf(line), actor);
        if (ok !== may || ran.join() !== (may ? command.name : "")) wrong.push(line);
      }
    }
    expect(wrong).toEqual([]);
    expect(remembered.map(({ outcome }) => outcome)).toEqual(expected);
    expect(new Set(remembered.map((one) => one.place))).toEqual(new Set([PLACES[place]?.[1] ?? row.actor.via]));
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../commands/index.ts";
import { formFor, wordsOfForm } from "../../../src/core/chat/form.ts";
import { wordsOfName } from "../../../src/core/command/names.ts";
import { lineOf, parseCommand, wordsOf } from "../../../src/core/command/parse.ts";

const named = (name: string) => {
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) throw new Error(`there is no ${name}`);
  return command;
};
const filled = (line: string, values: Readonly<Record<string, string>>) => {
  const [name = "", ...given] = wordsOf(line);
  const form = formFor(named(name), given);
  const shown = Object.fromEntries(form.fields.map((field) => [field.name, field.value]));
  return lineOf(wordsOfForm(named(name), form.given, { ...shown, ...values }));
};

describe("a form for a line that is not finished", () => {
  test("has a field for each argument and option, with what is known already", () => {
    expect(formFor(named("skip"), ["17"]).fields.map(({ name, value, optional }) => [name, value, optional])).toEqual([
      ["arg_task", "17", false],
      ["arg_reason", "", false],
    ]);
  });

  test("becomes the line", () => {
    expect(filled("skip 17", { arg_reason: "no beam then" })).toBe("skip 17 no beam then");
    expect(filled("deploy", { arg_environment: "production", opt_why: "hot fix", "opt_through-freeze": "yes" })).toBe(
      'deploy production "--why=hot fix" --through-freeze',
    );
    expect(filled("skip --env mirror/x", { arg_task: "1", arg_reason: "r" })).toBe("skip 1 r --env=mirror/x");
  });

  test("knows nothing that it has no field for", () => {
    expect(filled("skip 17", { arg_reason: "r", opt_force: "yes", constructor: "x" })).toBe("skip 17 r");
  });

  test.each(COMMANDS.map((command) => [command.name, command] as const))(
    "for %s, filled in as its examples are, is the line of the example",
    (_name, command) => {
      for (const example of command.examples) {
        const words = wordsOf(example);
        const form = formFor(command, words.slice(wordsOfName(command).length));
        const values = Object.fromEntries(form.fields.map((field) => [field.name, field.value]));
        const again = parseCommand(wordsOfForm(command, form.given, values), COMMANDS);
        expect(JSON.stringify(again)).toBe(JSON.stringify(parseCommand(words, COMMANDS)));
      }
    },
  );
});

test("any words are a line, and that line is those words", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => /\S/.test(text));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(wordsOf(lineOf(words))).toEqual(words);
    }),
  );
});

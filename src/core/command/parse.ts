/** A line somebody typed -> words -> a command with its arguments, or what is wrong with the line and what to type instead. */
import { nearest } from "../text/nearest.ts";
import type { Arg, ArgProblem, Command } from "./command.ts";
import { usageOf } from "./help.ts";
import { commandOf, familyOf, wordsOfName } from "./names.ts";

/**
 * Words of a line. Single and double quotes hold words together, as in a shell, where a word or the value of an option
 * begins; anywhere else they mean nothing, since people write "don't" without thinking of a shell.
 */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/(--[a-z][a-z-]*=)?(?:"((?:[^"\\]|\\.)*)"|'([^']*)')|\S+/g)) {
    const [bare, option = "", double, single] = match;
    const quoted = double?.replace(/\\(.)/g, "$1") ?? single;
    words.push(quoted === undefined ? bare : option + quoted);
  }
  return words;
}

/** The line that has these words; `wordsOf` of it gives them back. */
export function lineOf(words: readonly string[]): string {
  return words.map((word) => (/^[^\s"']+$/.test(word) ? word : quoted(word))).join(" ");
}

function quoted(word: string): string {
  return `"${word.replace(/["\\]/g, "\\$&")}"`;
}

export type Parsed<Context> = Common &
  (
    | { readonly command: Command<Context>; readonly values: Readonly<Record<string, unknown>> }
    | {
        readonly problem: string;
        readonly instead: string;
        /** The command, where all that is wrong is that words are missing. */
        readonly unfinished?: Command<Context>;
      }
  );

/** What stands on any line, whatever its command. */
type Common = {
  readonly json: boolean;
  /** The environment that it is about; production where undefined. */
  readonly environment: string | undefined;
};

export function parseCommand<Context>(
  words: readonly string[],
  commands: readonly Command<Context>[],
): Parsed<Context> {
  const { rest: all, common, problem } = takeCommon(words);
  if (problem) return { ...problem, ...common };
  if (all.length === 0) return { problem: "nothing was typed", instead: "help lists the commands", ...common };
  const command = commandOf(all, commands);
  if (!command) return { ...noSuchCommand(all, commands), ...common };
  const parsed = parseArguments(all.slice(wordsOfName(command).length), command);
  if ("problem" in parsed) {
    const { problem, instead, missing } = parsed;
    return { problem, instead: `${instead} (${usageOf(command)})`, ...(missing && { unfinished: command }), ...common };
  }
  return { command, values: parsed.values, ...common };
}

function noSuchCommand<Context>(
  [first = "", second]: readonly string[],
  commands: readonly Command<Context>[],
): ArgProblem {
  const family = familyOf(first, commands).map(({ name }) => name);
  const names = family.length > 0 ? family : commands.map(({ name }) => name);
  const all = family.length > 0 ? `write ${family.join(", ")}` : "help lists the commands";
  if (family.length > 0 && second === undefined) return { problem: `"${first}" alone is no command`, instead: all };
  const given = family.length > 0 ? `${first} ${second}` : first;
  const near = nearest(given, names);
  return {
    problem: `there is no command "${given}"`,
    instead:
      near === undefined
        ? all
        : `did you mean ${near}? help ${family.length > 0 ? `${first} lists its like` : "lists all"}`,
  };
}

function takeCommon(words: readonly string[]): { rest: string[]; common: Common; problem?: ArgProblem } {
  const json = words.includes("--json");
  const rest = words.filter((word) => word !== "--json");
  const at = rest.findIndex(namesEnvironment);
  if (at < 0) return { rest, common: { json, environment: undefined } };
  const apart = rest[at] === "--env";
  const environment = apart ? rest[at + 1] : rest[at]?.slice("--env=".length);
  const wrong = (problem: string, instead: string) => ({
    rest,
    common: { json, environment: undefined },
    problem: { problem, instead },
  });
  // What begins like an option is the next one.
  if (!environment || environment.startsWith("-"))
    return wrong("--env has no value", "write --env ENV; the command env lists the environments");
  rest.splice(at, apart ? 2 : 1);
  if (rest.some(namesEnvironment))
    return wrong("--env stands there twice", "write one environment, and the line again for another");
  return { rest, common: { json, environment } };
}

function namesEnvironment(word: string): boolean {
  return word === "--env" || word.startsWith("--env=");
}

type Wrong = ArgProblem & { readonly missing?: true };

function parseArguments<Context>(
  words: readonly string[],
  command: Command<Context>,
): { values: Record<string, unknown> } | Wrong {
  const values: Record<string, unknown> = {};
  const plain: string[] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const option = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word);
    if (!option) {
      plain.push(word);
      continue;
    }
    const [, name = "", given] = option;
    // What every object has, `constructor`, is no option.
    const arg = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
    if (!arg) return unknownOption(name, command);
    if (arg.flag && given !== undefined)
      return { problem: `--${name} takes no value`, instead: `write --${name} alone, or leave it out` };
    const value = arg.flag ? "" : (given ?? queue.shift());
    if (value === undefined)
      return { problem: `--${name} has no value`, instead: `write --${name} ${arg.placeholder}` };
    const parsed = arg.parse(value);
    if (isProblem(parsed)) return parsed;
    values[name] = parsed;
  }
  return takePlain(plain, command.args, values);
}

function takePlain(
  words: readonly string[],
  args: Readonly<Record<string, Arg<unknown>>>,
  values: Record<string, unknown>,
): { values: Record<string, unknown> } | Wrong {
  let left = [...words];
  for (const [name, arg] of Object.entries(args)) {
    const [first] = left;
    if (first === undefined) {
      if (arg.optional) continue;
      return { problem: `${arg.placeholder} is missing`, instead: arg.describe, missing: true };
    }
    const parsed = arg.parse(arg.rest ? left.join(" ") : first);
    if (isProblem(parsed)) return parsed;
    values[name] = parsed;
    left = arg.rest ? [] : left.slice(1);
  }
  const [extra] = left;
  return extra === undefined
    ? { values }
    : {
        problem: `"${extra}" is more than it takes`,
        instead: "leave it out, or put quotes around words that belong together",
      };
}

function unknownOption<Context>(name: string, command: Command<Context>): ArgProblem {
  const known = Object.keys(command.options);
  const near = nearest(name, known);
  const instead =
    near !== undefined
      ? `did you mean --${near}?`
      : known.length === 0
        ? `${command.name} has no options`
        : `known: ${known.map((one) => `--${one}`).join(", ")}`;
  return { problem: `there is no option --${name}`, instead };
}

function isProblem(value: unknown): value is ArgProblem {
  return typeof value === "object" && value !== null && "problem" in value;
}

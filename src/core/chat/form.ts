/** A form for a command whose arguments are missing: made from the command, and made into its line again. */
import type { Arg, Command } from "../command/command.ts";
import { wordsOfName } from "../command/names.ts";

export type Form = {
  readonly command: string;
  readonly title: string;
  /** Words that stand on the line already. */
  readonly given: readonly string[];
  readonly fields: readonly FormField[];
};

export type FormField = {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: "text" | "choice" | "flag";
  readonly choices: readonly string[];
  readonly optional: boolean;
  readonly value: string;
};

/** Forms of more fields are not read by anybody; the options that are left out can be typed. */
const MOST_FIELDS = 8;

/** @param given words after the command's name, of which arguments are filled in */
export function formFor<Context>(command: Command<Context>, given: readonly string[]): Form {
  const { plain, options } = sorted(command, given);
  const fields = [
    ...Object.entries(command.args).map(([name, arg], index) =>
      fieldOf(name, arg, arg.rest ? plain.slice(index).join(" ") : (plain[index] ?? "")),
    ),
    ...Object.entries(command.options)
      .filter(([name]) => !options.some((one) => one === `--${name}` || one.startsWith(`--${name}=`)))
      .map(([name, arg]) => fieldOf(`--${name}`, arg, "")),
  ].slice(0, MOST_FIELDS);
  return { command: command.name, title: command.name, given: options, fields };
}

/** What an option is with its value is one word in the end. */
function sorted<Context>(command: Command<Context>, given: readonly string[]): { plain: string[]; options: string[] } {
  const plain: string[] = [];
  const options: string[] = [];
  const queue = [...given];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const name = /^--([a-z][a-z-]*)$/.exec(word)?.[1];
    if (!word.startsWith("--")) plain.push(word);
    else if (name === undefined || name === "json" || command.options[name]?.flag) options.push(word);
    else options.push(`${word}=${queue.shift() ?? ""}`);
  }
  return { plain, options };
}

function fieldOf(name: string, arg: Arg<unknown>, value: string): FormField {
  const option = name.startsWith("--");
  return {
    name: option ? `opt_${name.slice(2)}` : `arg_${name}`,
    label: option ? name.slice(2) : arg.placeholder.replace(/\.\.\.$/, "").toLowerCase(),
    hint: arg.describe,
    kind: arg.flag ? "flag" : arg.choices ? "choice" : "text",
    choices: arg.choices ?? [],
    optional: arg.optional,
    value,
  };
}

/** The words of the line that a filled-in form stands for. What the form has no field for is nothing. */
export function wordsOfForm<Context>(
  command: Command<Context>,
  given: readonly string[],
  values: Readonly<Record<string, string>>,
): string[] {
  const plain = Object.entries(command.args).flatMap(([name, arg]) => {
    const value = values[`arg_${name}`]?.trim() ?? "";
    return value === "" ? [] : arg.rest ? value.split(/\s+/) : [value];
  });
  const options = Object.entries(command.options).flatMap(([name, arg]) => {
    const value = values[`opt_${name}`]?.trim() ?? "";
    if (value === "" || (arg.flag && value !== "yes")) return [];
    return arg.flag ? [`--${name}`] : [`--${name}=${value}`];
  });
  return [...wordsOfName(command), ...plain, ...options, ...given];
}

/** Help is made from the commands themselves. */
import { type Block, code, list, say, table } from "../say.ts";
import { type Actor, type Args, type Command, mayGive } from "./command.ts";

/** `reprocess TASK... [--dry-run] [--downstream]` */
export function usageOf<Context>(command: Command<Context>): string {
  const args = Object.values(command.args).map((arg) => (arg.optional ? `[${arg.placeholder}]` : arg.placeholder));
  const options = Object.entries(command.options).map(([name, arg]) =>
    arg.flag ? `[--${name}]` : `[--${name} ${arg.placeholder}]`,
  );
  return [command.name, ...args, ...options].join(" ");
}

export function helpAll<Context>(commands: readonly Command<Context>[], actor: Actor): Block[] {
  const may = commands.filter((command) => mayGive(actor, command));
  const mayNot = commands.filter((command) => !mayGive(actor, command));
  return [
    table(
      ["command", "what it does"],
      may.map((command) => [command.name, command.summary]),
    ),
    say`help COMMAND tells more. A task is named by its number, or as WORKFLOW/TASK@GROUP.`,
    ...(mayNot.length === 0 ? [] : [say`For other roles: ${mayNot.map((command) => command.name).join(", ")}.`]),
  ];
}

export function helpOn<Context>(command: Command<Context>): Block[] {
  const described = [...describe(command.args, ""), ...describe(command.options, "--")];
  return [
    say`${command.summary}`,
    code(usageOf(command)),
    ...(described.length === 0 ? [] : [table(["", ""], described)]),
    ...(command.examples.length === 0 ? [] : [say`For example:`, list(command.examples)]),
    ...(command.allow === "anyone" ? [] : [say`For people with the role ${command.allow}.`]),
  ];
}

function describe(args: Args, prefix: string): string[][] {
  return Object.entries(args).map(([name, arg]) => [
    prefix === "" ? arg.placeholder : `${prefix}${name}${arg.flag ? "" : ` ${arg.placeholder}`}`,
    arg.describe,
  ]);
}

/** Help is made from the commands themselves. */
import { limitsOf, may } from "../permission/may.ts";
import { type Block, code, list, say, table } from "../say.ts";
import type { Actor, Args, Command } from "./command.ts";
import { familyOf, wordsOfName } from "./names.ts";

/** `reprocess TASK... [--dry-run] [--downstream]` */
export function usageOf<Context>(command: Command<Context>): string {
  const args = Object.values(command.args).map((arg) => (arg.optional ? `[${arg.placeholder}]` : arg.placeholder));
  const options = Object.entries(command.options).map(([name, arg]) =>
    arg.flag ? `[--${name}]` : `[--${name} ${arg.placeholder}]`,
  );
  return [command.name, ...args, ...options].join(" ");
}

/** What somebody may give where they are; of the rest, where or to whom it is open. */
export function helpAll<Context>(commands: readonly Command<Context>[], actor: Actor): Block[] {
  const given = commands.filter((command) => may(actor, { command }).ok);
  const rest = commands.filter((command) => !given.includes(command));
  const elsewhere = byLimits(rest, actor);
  const others = rest.filter((command) => limitsOf(actor, command) === undefined);
  return [
    table(["command", "what it does"], rowsOf(given)),
    say`help COMMAND tells more. A task is named by its number, or as WORKFLOW/TASK@GROUP.`,
    ...byLimits(given, actor).map(([limits, names]) => say`Only ${limits}: ${names}.`),
    ...elsewhere.map(([limits, names]) => say`Not here, but ${limits}: ${names}.`),
    ...(others.length === 0 ? [] : [say`${forOthers(actor)}: ${others.map((command) => command.name).join(", ")}.`]),
  ];
}

/** A family of commands has one row, so that the list stays one that people read. */
function rowsOf<Context>(commands: readonly Command<Context>[]): string[][] {
  const told = new Set<string>();
  return commands.flatMap((command) => {
    const [first = "", second] = wordsOfName(command);
    if (second === undefined) return [[command.name, command.summary]];
    if (told.has(first)) return [];
    told.add(first);
    const rest = familyOf(first, commands).map(({ name }) => name.slice(first.length + 1));
    return [[`${first} ...`, `${rest.join(", ")}: help ${first} tells more.`]];
  });
}

/** What the commands do that begin with the same word. */
export function helpOnFamily<Context>(family: readonly Command<Context>[]): Block[] {
  return [
    table(
      ["command", "what it does"],
      family.map((command) => [command.name, command.summary]),
    ),
    say`help COMMAND tells more of one.`,
  ];
}

function byLimits<Context>(commands: readonly Command<Context>[], actor: Actor): [limits: string, names: string][] {
  const found = new Map<string, string[]>();
  for (const command of commands) {
    const limits = limitsOf(actor, command);
    if (limits !== undefined) found.set(limits, [...(found.get(limits) ?? []), command.name]);
  }
  return [...found].map(([limits, names]) => [limits, names.join(", ")]);
}

function forOthers(actor: Actor): string {
  return actor.unknown ? "For people whom calops knows (link tells it who you are)" : "For other roles";
}

export function helpOn<Context>(command: Command<Context>, actor: Actor): Block[] {
  const permission = may(actor, { command });
  const limits = limitsOf(actor, command);
  const described = [...describe(command.args, ""), ...describe(command.options, "--")];
  return [
    say`${command.summary}`,
    code(usageOf(command)),
    ...(described.length === 0 ? [] : [table(["", ""], described)]),
    ...(command.examples.length === 0 ? [] : [say`For example:`, list(command.examples)]),
    ...(permission.ok ? [] : [say`${permission.why}`]),
    ...(permission.ok && limits !== undefined ? [say`You may give it ${limits}.`] : []),
  ];
}

function describe(args: Args, prefix: string): string[][] {
  return Object.entries(args).map(([name, arg]) => [
    prefix === "" ? arg.placeholder : `${prefix}${name}${arg.flag ? "" : ` ${arg.placeholder}`}`,
    arg.describe,
  ]);
}

/** Takes a line, finds its command, asks whether this person may give it, runs it, and writes down that it was given. */
import { type Actor, type Answer, type Command, mayGive, refused } from "../core/command/command.ts";
import { parseCommand } from "../core/command/parse.ts";
import { PRODUCTION } from "../core/environment/environment.ts";
import { say } from "../core/say.ts";
import type { CommandDesk } from "../ports/command-desk.ts";
import type { Log } from "../ports/log.ts";
import type { CommandRecord } from "../ports/operations.ts";
import { StoreUnavailable } from "../ports/store.ts";

export type DeskParts<Context> = {
  readonly commands: readonly Command<Context>[];
  readonly contextFor: (actor: Actor, asked: Asked) => Context;
  /** Whether there is an environment of this name. */
  readonly knows: (environment: string) => Promise<boolean>;
  readonly remember: (record: CommandRecord) => Promise<void>;
  readonly log: Log;
};

/** What stands on a line beside its command. */
export type Asked = { readonly json: boolean; readonly environment: string };

export function commandDesk<Context>(parts: DeskParts<Context>): CommandDesk {
  return {
    async answer(words, actor) {
      const parsed = parseCommand(words, parts.commands);
      if ("problem" in parsed)
        return { ...refused([say`${capital(parsed.problem)}: ${parsed.instead}.`]), json: parsed.json, misused: true };
      const { command, values, json, environment = PRODUCTION } = parsed;
      // Where that cannot be asked, what is wrong is for the command to say.
      const known = parsed.environment === undefined || (await parts.knows(environment).catch(() => true));
      if (!known)
        return {
          ...refused([say`There is no environment ${environment}. The command env lists them.`]),
          json,
          misused: true,
        };
      const allowed = mayGive(actor, command);
      const answer = allowed
        ? await run(parts, command, values, parts.contextFor(actor, { json, environment }))
        : refused([
            say`${command.name} is for people with the role ${command.allow}. ${actor.id} may read: help lists what.`,
          ]);
      // Nobody waits for the history of a question; what changes something has its own history in what it changed.
      parts
        .remember({ line: words.join(" ").slice(0, 500), by: actor.id, via: actor.via, allowed, ok: answer.ok })
        .catch((error) => parts.log.warn({ error: (error as Error).message }, "a command could not be written down"));
      return { ...answer, json };
    },
    complete(line) {
      const words = line.trimStart().split(/\s+/);
      const names = parts.commands.map((command) => command.name);
      if (words.length <= 1) return names.filter((name) => name.startsWith(words[0] ?? ""));
      const command = parts.commands.find((one) => one.name === words[0]);
      const last = words.at(-1) ?? "";
      if (command?.name === "help") return names.filter((name) => name.startsWith(last)).map((name) => `help ${name}`);
      if (!command || !last.startsWith("-")) return [];
      const before = line.slice(0, line.length - last.length);
      return [...Object.keys(command.options), "env", "json"]
        .map((option) => `--${option}`)
        .filter((option) => option.startsWith(last))
        .map((option) => before + option);
    },
  };
}

async function run<Context>(
  parts: DeskParts<Context>,
  command: Command<Context>,
  values: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<Answer> {
  try {
    return await command.run(values, context);
  } catch (error) {
    if (error instanceof StoreUnavailable)
      return refused([
        say`Nothing can be written at the moment: ${error.message}. calops goes on by itself once it can; type it again then.`,
      ]);
    parts.log.error({ command: command.name, error: (error as Error).stack }, "a command failed");
    return refused([
      say`${command.name} failed inside calops: ${(error as Error).message}. Nothing was changed by it. The bot's own log has the details.`,
    ]);
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

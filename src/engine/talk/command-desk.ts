/** Takes a line, finds its command, asks whether this person may give it, runs it, and writes down that it was given. */
import type { Confirmation } from "../../core/chat/confirmation.ts";
import { formFor, wordsOfForm } from "../../core/chat/form.ts";
import { type Actor, type Answer, type Command, type Given, refused } from "../../core/command/command.ts";
import { commandOf, wordsOfName } from "../../core/command/names.ts";
import { lineOf, parseCommand } from "../../core/command/parse.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
import { may } from "../../core/permission/may.ts";
import { NotAllowed } from "../../core/permission/not-allowed.ts";
import type { Guarded } from "../../core/permission/rights.ts";
import { placeOf } from "../../core/permission/where.ts";
import { type Block, buttons, say } from "../../core/say.ts";
import { formatDuration, type Instant } from "../../core/time.ts";
import type { CommandDesk } from "../../ports/command-desk.ts";
import { ConditionsUnavailable } from "../../ports/conditions.ts";
import type { Log } from "../../ports/log.ts";
import type { CommandRecord, Confirmations } from "../../ports/operations.ts";
import { StoreUnavailable } from "../../ports/store.ts";

export type DeskParts<Context> = {
  readonly commands: readonly Command<Context>[];
  readonly contextFor: (actor: Actor, asked: Asked) => Context;
  /** Whether there is an environment of this name. */
  readonly knows: (environment: string) => Promise<boolean>;
  readonly remember: (record: CommandRecord) => Promise<void>;
  /** Undefined where no bot runs, and nothing can be changed. */
  readonly confirmations?: Confirmations;
  readonly now: () => Instant;
  readonly log: Log;
};

/** What stands on a line beside the arguments of its command. */
export type Asked = {
  readonly command: Guarded;
  readonly json: boolean;
  readonly environment: string;
  /** Says yes or no to what was asked before, under its id. */
  readonly decide: (id: string, outcome: NonNullable<Confirmation["outcome"]>) => Promise<Answer>;
};

type Told = Answer & Pick<Given, "to" | "misused" | "form"> & { readonly notAllowed?: true };
type Answered = { readonly told: Told; readonly outcome: CommandRecord["outcome"]; readonly json: boolean };

const LONGEST_LINE = 500;

export function commandDesk<Context>(parts: DeskParts<Context>): CommandDesk {
  const { commands, log } = parts;

  async function answer(words: readonly string[], actor: Actor, request: string): Promise<Given> {
    const { told, outcome, json } = await answerTo(words, actor, request);
    // Nobody waits for the history of a question; what changes something has its own history in what it changed.
    parts
      .remember({ line: shownLine(words, commands), by: actor.id, via: actor.via, place: placeOf(actor), outcome })
      .catch((error) => log.warn({ error: (error as Error).message }, "a command could not be written down"));
    const { notAllowed: _, ...given } = told;
    return { ...given, json };
  }

  async function answerTo(words: readonly string[], actor: Actor, request: string): Promise<Answered> {
    const parsed = parseCommand(words, commands);
    const { json, environment = PRODUCTION } = parsed;
    if ("problem" in parsed) {
      const { unfinished } = parsed;
      const told = misused(say`${capital(parsed.problem)}: ${parsed.instead}.`);
      const form =
        unfinished &&
        may(actor, { command: unfinished }).ok &&
        formFor(unfinished, words.slice(wordsOfName(unfinished).length));
      return { told: { ...told, ...(form && { form }) }, outcome: "not understood", json };
    }
    // Where that cannot be asked, what is wrong is for the command to say.
    const known = parsed.environment === undefined || (await parts.knows(environment).catch(() => true));
    if (!known) {
      const told = misused(say`There is no environment ${environment}. The command env lists them.`);
      return { told, outcome: "not understood", json };
    }
    const { command, values } = parsed;
    const given: Line<Context> = { words, command, values, environment, json, actor, request };
    const permission = may(actor, { command, environment: namedIn(parsed) });
    if (!permission.ok) return { told: notAllowed(permission.why), outcome: "not allowed", json };
    const told = await carryOut(given);
    return { told, outcome: told.ok ? "done" : told.notAllowed ? "not allowed" : "refused", json };
  }

  /** At once where it is harmless, or where a program asks; otherwise once the person has seen what it does. */
  async function carryOut(given: Line<Context>): Promise<Told> {
    const { command, values, actor } = given;
    if (!command.preview || !parts.confirmations || actor.via === "command-line") return await run(given);
    const preview = await safely(given, () => command.preview?.(values, contextOf(given)));
    if (preview === undefined) return await run(given);
    if ("ok" in preview) return { ...preview, to: "asker" };
    const asked = await parts.confirmations.ask({ words: given.words, by: actor.id, basis: preview.basis });
    return {
      ok: true,
      to: "asker",
      say: [
        ...preview.say,
        say`Nothing is done yet. Yes, within ${formatDuration(asked.until - asked.at)}: confirm ${asked.id}. No: cancel ${asked.id}`,
        buttons(
          { label: capital(command.name), words: ["confirm", asked.id], look: "danger" },
          { label: "Cancel", words: ["cancel", asked.id] },
        ),
      ],
      data: { confirm: asked.id, until: asked.until },
    };
  }

  async function run(given: Line<Context>): Promise<Told> {
    const { command, values } = given;
    let inner: Told | undefined;
    const context = contextOf(given, (told) => {
      inner = told;
    });
    const answer = await safely(given, () => command.run(values, context));
    const open = answer.ok && command.allow !== "anyone" && command.personal !== true;
    return { ...answer, to: inner?.to ?? (open ? "channel" : "asker") };
  }

  /** The command that was asked for before is given now, if everything stands as it was shown. */
  async function decide(
    given: Line<Context>,
    id: string,
    outcome: NonNullable<Confirmation["outcome"]>,
  ): Promise<Told> {
    const { actor, request } = given;
    if (!parts.confirmations)
      return { ...refused([say`The bot is not running, so nothing waits for a yes.`]), to: "asker" };
    const decided = await parts.confirmations.decide(id, outcome, actor.id, request);
    if (!decided.ok) return { ...refused([say`${whyNot(decided)}`]), to: "asker" };
    const { words, basis } = decided.confirmation;
    if (outcome === "cancelled")
      return { ok: true, to: "asker", say: [say`Nothing was done: ${lineOf(words)}`], data: { cancelled: id } };
    const parsed = parseCommand(words, commands);
    if ("problem" in parsed) return { ...refused([say`${capital(parsed.problem)}: ${parsed.instead}.`]), to: "asker" };
    const { command, values, json, environment = PRODUCTION } = parsed;
    const line: Line<Context> = { words, command, values, environment, json, actor, request };
    const permission = may(actor, { command, environment: namedIn(parsed) });
    if (!permission.ok) return notAllowed(permission.why);
    const now = await safely(line, () => command.preview?.(values, contextOf(line)));
    if (now !== undefined && "ok" in now) return { ...now, to: "asker" };
    if (now !== undefined && now.basis !== basis) {
      const again = await carryOut(line);
      return {
        ...again,
        ok: false,
        say: [say`This has changed since you were asked, so nothing was done.`, ...again.say],
      };
    }
    return await run(now?.words === undefined ? line : understood(now.words, line));
  }

  /** The same, more exactly. */
  function understood(words: readonly string[], line: Line<Context>): Line<Context> {
    const parsed = parseCommand(words, commands);
    if ("problem" in parsed) throw new Error(`${lineOf(words)}: ${parsed.problem}`);
    return { ...line, words, values: parsed.values };
  }

  function contextOf(given: Line<Context>, onDecided: (told: Told) => void = () => {}): Context {
    const { actor, command, json, environment } = given;
    return parts.contextFor(actor, {
      command,
      json,
      environment,
      decide: async (id, outcome) => {
        const told = await decide(given, id, outcome);
        onDecided(told);
        return told;
      },
    });
  }

  async function safely<T>({ command }: Line<Context>, work: () => T): Promise<Awaited<T> | Answer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NotAllowed) return notAllowed(error.message);
      if (error instanceof StoreUnavailable)
        return refused([
          say`Nothing can be written at the moment: ${error.message}. calops goes on by itself once it can; type it again then.`,
        ]);
      if (error instanceof ConditionsUnavailable)
        return refused([
          say`The conditions do not answer: ${error.message}. What they hold is not known now; ask again later.`,
        ]);
      log.error({ command: command.name, error: (error as Error).stack }, "a command failed");
      return refused([
        say`${command.name} failed inside calops: ${(error as Error).message}. What it had done before that stands in history; the bot's own log has the details.`,
      ]);
    }
  }

  return {
    answer: (words, actor, request = `${actor.id} ${parts.now()}`) => answer(words, actor, request),
    wordsOfForm(name, given, values) {
      const command = commands.find((one) => one.name === name);
      return command && wordsOfForm(command, given, values);
    },
    complete(line) {
      const words = line.trimStart().split(/\s+/);
      const names = commands.map((command) => command.name);
      const begun = names.filter((name) => name.startsWith(words.join(" ")));
      if (words.length <= 1 || begun.length > 0) return begun;
      const command = commandOf(words, commands);
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

/** A line that was understood. */
type Line<Context> = {
  readonly words: readonly string[];
  readonly command: Command<Context>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly environment: string;
  readonly json: boolean;
  readonly actor: Actor;
  readonly request: string;
};

/** What is kept of a line: who reads the history needs no code that somebody typed. */
function shownLine<Context>(words: readonly string[], commands: readonly Command<Context>[]): string {
  const secret = commands.filter(({ args }) => Object.values(args).some((arg) => arg.secret)).map(({ name }) => name);
  const at = words.findIndex((word) => secret.includes(word));
  const shown = at < 0 ? words : words.map((word, index) => (index <= at || word.startsWith("-") ? word : "..."));
  return shown.join(" ").slice(0, LONGEST_LINE);
}

/**
 * The environment that a line names, by its option or as what its command is about. A task is named by its number: where it
 * belongs is looked up by those who change it.
 */
function namedIn({
  environment,
  values,
}: Pick<Line<unknown>, "values"> & { readonly environment: string | undefined }) {
  const { environment: argument } = values;
  return typeof argument === "string" ? argument : environment;
}

function notAllowed(why: string): Told {
  return { ...refused([say`${why} What you may: help`]), to: "asker", notAllowed: true };
}

function misused(what: Block): Told {
  return { ...refused([what]), to: "asker", misused: true };
}

type Undecided = Extract<Awaited<ReturnType<Confirmations["decide"]>>, { ok: false }>;

function whyNot({ reason, detail }: Undecided): string {
  switch (reason) {
    case "unknown":
      return "Nothing waits for a yes under this name. Give the command itself again.";
    case "somebody-else":
      return `${detail} was asked, and nobody else can answer for them. Give the command yourself.`;
    case "confirmed-before":
      return "You have said yes to that before, and it was done once. To do it again, give the command again.";
    case "cancelled-before":
      return "You have said no to that before. If you want it after all, give the command again.";
    case "too-late":
      return "That was shown too long ago. Give the command again, and see what it would do now.";
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

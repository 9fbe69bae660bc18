/**
 * A command is data and one function. Help, permissions, completion and documents come from the data; it knows neither a chat
 * nor a command line, and returns what to say.
 */

import type { Form } from "../chat/form.ts";
import type { Account } from "../chat/request.ts";
import type { Guarded, Rights } from "../permission/rights.ts";
import type { Block } from "../say.ts";

export type Actor = {
  /** As history names them. */
  readonly id: string;
  readonly roles: readonly string[];
  /** Whoever runs the bot: what the operating system lets into the data directory. */
  readonly owner: boolean;
  /** Where the command came from: `terminal`, `command-line` ... */
  readonly via: string;
  /** Nobody knows whose account it is. */
  readonly unknown?: true;
  /** By which names rights may speak of where they are; see `namesOfPlace`. */
  readonly at?: readonly string[];
  /** By which account they ask; undefined where it is no account of a chat. */
  readonly account?: Account;
  /** What roles mean; the standard where it is left out. */
  readonly rights?: Rights;
};

export type Answer = {
  readonly ok: boolean;
  readonly say: readonly Block[];
  /** The same for programs; its fields are documented and stay. */
  readonly data: unknown;
  /** A log that the asker wants to go on reading. */
  readonly follow?: { readonly job: number; readonly attempt: number; readonly from: number };
};

/** What a dangerous command would do, before it does it. */
export type Preview = {
  readonly say: readonly Block[];
  /** How everything stands that this depends on; when it is otherwise by the time somebody says yes, they are asked anew. */
  readonly basis: string;
  /** The line that does just what was shown, where the one that was given could come to mean something else. */
  readonly words?: readonly string[];
};

/** The answer to a line that somebody typed. */
export type Given = Answer & {
  /** It asks for data. */
  readonly json: boolean;
  /** It could not be understood. */
  readonly misused?: true;
  /** Who is meant to see it: what changed something, everybody; all else is for the asker. */
  readonly to: "asker" | "channel";
  /** What is missing on the line can be filled in. */
  readonly form?: Form;
};

/** What stands on a command line, as one value. */
export type Arg<T> = {
  /** As help writes it: `TASK`, `REASON...` */
  readonly placeholder: string;
  readonly describe: string;
  readonly optional: boolean;
  /** Takes all words that are left. */
  readonly rest: boolean;
  /** A flag has no value of its own. */
  readonly flag: boolean;
  /** It is not for whoever reads the history. */
  readonly secret?: true;
  /** All that it can be, where that is a few words. */
  readonly choices?: readonly string[];
  parse(word: string): T | ArgProblem;
};

export type ArgProblem = { readonly problem: string; readonly instead: string };
export type Args = Readonly<Record<string, Arg<unknown>>>;
export type ValuesOf<A extends Args> = { readonly [Name in keyof A]: A[Name] extends Arg<infer T> ? T : never };

export type Command<Context> = Guarded & {
  /** One sentence. */
  readonly summary: string;
  /** In order. */
  readonly args: Args;
  readonly options: Args;
  /** Whole lines that show what it is for. */
  readonly examples: readonly string[];
  /** What the fields of its JSON are, for those who write programs. */
  readonly json: string;
  /** Its answer is for the asker alone, though it changes something: it is about them. */
  readonly personal?: true;
  /**
   * Where it is dangerous: shows what will happen, and it is done when the same person says yes. Undefined where these
   * arguments are harmless, or wrong, which the command itself says.
   */
  preview?(values: Readonly<Record<string, unknown>>, context: Context): Promise<Preview | undefined>;
  run(values: Readonly<Record<string, unknown>>, context: Context): Promise<Answer>;
};

export type CommandSpec<Context, A extends Args, O extends Args> = Omit<
  Command<Context>,
  "args" | "options" | "run" | "preview"
> & {
  readonly args: A;
  readonly options: O;
  preview?(given: ValuesOf<A> & ValuesOf<O>, context: Context): Promise<Preview | undefined>;
  run(given: ValuesOf<A> & ValuesOf<O>, context: Context): Promise<Answer>;
};

/** Ties a command's function to the types of its arguments. */
export function defineCommand<Context, A extends Args, O extends Args>(
  spec: CommandSpec<Context, A, O>,
): Command<Context> {
  const { preview, run, ...data } = spec;
  return {
    ...data,
    ...(preview && { preview: (values, context) => preview(values as ValuesOf<A> & ValuesOf<O>, context) }),
    run: (values, context) => run(values as ValuesOf<A> & ValuesOf<O>, context),
  };
}

export function done(say: readonly Block[], data: unknown): Answer {
  return { ok: true, say, data };
}

/** Nothing was done; `say` tells why and what to do instead. */
export function refused(say: readonly Block[], data: unknown = null): Answer {
  return { ok: false, say, data };
}

/** The kinds of things that stand on a command line. */
import { name as nameOfThing, parseRuns, type RunInterval } from "../config/values.ts";
import { choices } from "../text/nearest.ts";
import type { Arg, ArgProblem } from "./command.ts";

export function word(placeholder: string, describe: string): Arg<string> {
  return { placeholder, describe, optional: false, rest: false, flag: false, parse: (text) => text };
}

/** What nobody finds in the history. */
export function secretWord(placeholder: string, describe: string): Arg<string> {
  return { ...word(placeholder, describe), secret: true };
}

/** The name of a thing that is to be declared. */
export function name(placeholder: string, describe: string): Arg<string> {
  return {
    ...base(placeholder, describe),
    parse: (text) => {
      const read = nameOfThing.safeParse(text);
      return read.success
        ? text
        : {
            problem: `"${text}" is not a name`,
            instead: "write lower-case letters, digits and inner hyphens, at most 40",
          };
    },
  };
}

/** Names with commas between, whatever they are names of. */
export function names(placeholder: string, describe: string): Arg<readonly string[]> {
  return {
    ...base(placeholder, describe),
    parse: (text) => {
      const given = text.split(/[\s,]+/).filter((part) => part !== "");
      return given.length > 0
        ? given
        : { problem: `"${text}" names nothing`, instead: `write ${placeholder} with commas between` };
    },
  };
}

/** All words that are left, as one text. */
export function text(placeholder: string, describe: string): Arg<string> {
  return {
    placeholder: `${placeholder}...`,
    describe,
    optional: false,
    rest: true,
    flag: false,
    parse: (words) => words,
  };
}

export function number(placeholder: string, describe: string): Arg<number> {
  return {
    ...base(placeholder, describe),
    parse: (text) =>
      /^\d{1,15}$/.test(text)
        ? Number(text)
        : { problem: `"${text}" is not a number`, instead: `write ${placeholder} as a number` },
  };
}

/** More than this at once is for nobody to read, and would keep the bot busy. */
const MOST_AT_ONCE = 10_000;

/** How many of something to show. */
export function count(describe: string): Arg<number> {
  return {
    ...base("N", describe),
    parse: (text) =>
      /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_AT_ONCE
        ? Number(text)
        : { problem: `"${text}" is not a number from 1 to ${MOST_AT_ONCE}`, instead: "write N as one" },
  };
}

export function oneOf<T extends string>(placeholder: string, words: readonly T[], describe: string): Arg<T> {
  return {
    ...base(placeholder, describe),
    choices: words,
    parse: (text) =>
      words.find((one) => one === text) ?? {
        problem: `there is no ${placeholder.toLowerCase()} ${text}`,
        instead: choices(text, words),
      },
  };
}

/** One or several of a set, with commas between. */
export function someOf<T extends string>(
  placeholder: string,
  words: readonly T[],
  describe: string,
): Arg<readonly T[]> {
  return {
    ...base(placeholder, describe),
    parse: (text) => {
      const given = text.split(",").filter((part) => part !== "");
      const wrong = given.find((part) => !words.includes(part as T));
      return wrong === undefined
        ? (given as T[])
        : { problem: `there is no ${placeholder.toLowerCase()} ${wrong}`, instead: choices(wrong, words) };
    },
  };
}

export function flag(describe: string): Arg<boolean> {
  return { placeholder: "", describe, optional: true, rest: false, flag: true, parse: () => true };
}

export function optional<T>(arg: Arg<T>): Arg<T | undefined> {
  return { ...arg, optional: true };
}

/** A task by its number, or by its name: `t0/calibrate@8215`. */
export type TaskRef =
  | { readonly id: number }
  | { readonly workflow: string; readonly task: string; readonly group: string };

export function task(describe = "a task: its number, or WORKFLOW/TASK@GROUP"): Arg<TaskRef> {
  return { ...base("TASK", describe), parse: parseTask };
}

/** One or several tasks, with spaces between. */
export function tasks(describe = "tasks: numbers, or WORKFLOW/TASK@GROUP"): Arg<readonly TaskRef[]> {
  return {
    placeholder: "TASK...",
    describe,
    optional: false,
    rest: true,
    flag: false,
    parse: (words) => {
      const refs = words
        .split(/[\s,]+/)
        .filter((one) => one !== "")
        .map(parseTask);
      return refs.find((ref): ref is ArgProblem => "problem" in ref) ?? (refs as TaskRef[]);
    },
  };
}

export function parseTask(text: string): TaskRef | ArgProblem {
  const id = /^#?(\d{1,12})$/.exec(text)?.[1];
  if (id !== undefined) return { id: Number(id) };
  const [, workflow, name, group] = /^([a-z0-9-]+)\/([a-z0-9-]+)@(\S+)$/.exec(text) ?? [];
  if (workflow !== undefined && name !== undefined && group !== undefined) return { workflow, task: name, group };
  return { problem: `"${text}" is not a task`, instead: "write its number, or for example t0/calibrate@8215" };
}

export function runs(describe: string): Arg<readonly RunInterval[]> {
  return {
    placeholder: "RUNS...",
    describe,
    optional: false,
    rest: true,
    flag: false,
    parse: (words) => {
      const parsed = words
        .split(/[\s,]+/)
        .filter((one) => one !== "")
        .map((one) => ({ one, interval: parseRuns(one) }));
      const wrong = parsed.find(({ interval }) => interval === undefined);
      if (wrong)
        return { problem: `"${wrong.one}" is no run or range of runs`, instead: "write for example 8215 or 8000-8215" };
      return parsed.flatMap(({ interval }) => interval ?? []);
    },
  };
}

function base(placeholder: string, describe: string) {
  return { placeholder, describe, optional: false, rest: false, flag: false } as const;
}

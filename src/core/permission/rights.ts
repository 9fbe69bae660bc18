/** Who may give which commands, and where: what `people.yaml` says of roles and of people whom it does not know. */
import { matches } from "../environment/matching.ts";

/**
 * How far a command goes. `anyone` reads; `person` changes only what is theirs who gives it, and needs to know who that is;
 * shifters act on tasks; experts on many at once.
 */
export type Allow = "anyone" | "person" | "shifter" | "expert";

/** What of a command decides who may give it. */
export type Guarded = {
  readonly name: string;
  readonly allow: Allow;
  /** It tells nothing of the experiment, and anybody may give it anywhere: `help`. */
  readonly open?: true;
  /** It shows what jobs have written: more than how things stand. */
  readonly inside?: true;
};

/** A limit that is undefined is none. */
export type RoleRights = {
  /** Up to so far, or these. */
  readonly commands: { readonly upTo: Allow } | readonly string[];
  readonly workflows: readonly string[] | undefined;
  readonly environments: readonly string[] | undefined;
  readonly channels: readonly string[] | undefined;
};

/** Of what reads: `overview` is all but what shows the inside of jobs. */
export type UnknownRights = {
  readonly commands: "overview" | "reading" | "none" | readonly string[];
  readonly channels: readonly string[] | undefined;
};

export type Rights = {
  readonly roles: Readonly<Record<string, RoleRights>>;
  readonly unknown: UnknownRights;
  /** Who has which role. */
  readonly holders: Readonly<Record<string, readonly string[]>>;
};

const EVERYWHERE = { workflows: undefined, environments: undefined, channels: undefined } as const;

/** What these roles mean where `people.yaml` says nothing else of them. */
const STANDARD_ROLES: Rights["roles"] = {
  shifter: { commands: { upTo: "shifter" }, ...EVERYWHERE },
  expert: { commands: { upTo: "expert" }, ...EVERYWHERE },
};

/**
 * How things stand may be seen by whoever is in the chat with the bot. Logs may not: they are full of names, paths and numbers
 * that nobody has looked at.
 */
const STANDARD_UNKNOWN: UnknownRights = { commands: "overview", channels: undefined };

export const STANDARD: Rights = { roles: STANDARD_ROLES, unknown: STANDARD_UNKNOWN, holders: {} };

export type Declared = {
  readonly roles: Rights["roles"];
  readonly unknown: UnknownRights | undefined;
  readonly people: Readonly<Record<string, { readonly roles: readonly string[] }>>;
};

export function rightsOf({ roles, unknown = STANDARD_UNKNOWN, people }: Declared): Rights {
  const held = [...new Set(Object.values(people).flatMap((person) => person.roles))];
  const holders = held.map((role) => [
    role,
    Object.entries(people).flatMap(([id, person]) => (person.roles.includes(role) ? [id] : [])),
  ]);
  return { roles: { ...STANDARD_ROLES, ...roles }, unknown, holders: Object.fromEntries(holders) };
}

const RANK: Readonly<Record<Allow, number>> = { anyone: 0, person: 1, shifter: 2, expert: 3 };

export function goesBeyond(allow: Allow, upTo: Allow): boolean {
  return RANK[allow] > RANK[upTo];
}

export function has(commands: RoleRights["commands"], { name, allow }: Guarded): boolean {
  return "upTo" in commands ? !goesBeyond(allow, commands.upTo) : commands.includes(name);
}

/** @param names by which the thing is known: one of them is enough */
export function within(patterns: readonly string[] | undefined, names: readonly string[]): boolean {
  return patterns === undefined || patterns.some((pattern) => names.some((name) => matches(pattern, name)));
}

/** Patterns that leave nothing out. */
export function isEverything(patterns: readonly string[] | undefined): boolean {
  return patterns === undefined || patterns.some((pattern) => /^\*+$/.test(pattern));
}

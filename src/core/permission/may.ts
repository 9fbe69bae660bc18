/** Whether somebody may do something: refused unless something says that they may. */
import type { Actor } from "../command/command.ts";
import { type Guarded, goesBeyond, has, isEverything, type RoleRights, STANDARD, within } from "./rights.ts";

/** All workflows at once, now and later: what no list of some of them gives. */
export const EVERY = Symbol("every workflow");

export type Wish = {
  readonly command: Guarded;
  /** Undefined while nobody knows: then it is enough to have it in some. */
  readonly environment?: string | undefined;
  readonly workflow?: string | typeof EVERY | undefined;
};

/** `why` is one sentence or more, for the one who asked. */
export type Permission = { readonly ok: true } | { readonly ok: false; readonly why: string };

const YES: Permission = { ok: true };

export function may(actor: Actor, wish: Wish): Permission {
  const { command } = wish;
  if (actor.owner || command.open) return YES;
  if (actor.unknown) return unknownMay(actor, command);
  if (!goesBeyond(command.allow, "person")) return YES;
  const having = grantsOf(actor).filter(({ commands }) => has(commands, command));
  if (having.some((grant) => fits(grant, actor, wish))) return YES;
  const [nearest] = having;
  return { ok: false, why: nearest ? notThere(nearest, actor, wish) : notTheirs(actor, wish) };
}

/** Where somebody may give a command that they may not give everywhere; undefined where nothing limits it, or nothing allows it. */
export function limitsOf(actor: Actor, command: Guarded): string | undefined {
  if (actor.owner || actor.unknown || !goesBeyond(command.allow, "person")) return undefined;
  const limits = grantsOf(actor)
    .filter(({ commands }) => has(commands, command))
    .map(limitsInWords);
  return limits.length === 0 || limits.includes("") ? undefined : [...new Set(limits)].join(", or ");
}

type Grant = RoleRights & { readonly role: string };

function grantsOf({ roles, rights = STANDARD }: Actor): Grant[] {
  return roles.flatMap((role) => {
    const granted = Object.hasOwn(rights.roles, role) ? rights.roles[role] : undefined;
    return granted ? [{ role, ...granted }] : [];
  });
}

function fits(grant: Grant, { at = [] }: Actor, { environment, workflow }: Wish): boolean {
  if (!within(grant.channels, at)) return false;
  if (environment !== undefined && !within(grant.environments, [environment])) return false;
  if (workflow === EVERY) return isEverything(grant.workflows);
  return workflow === undefined || within(grant.workflows, [workflow]);
}

function unknownMay(actor: Actor, command: Guarded): Permission {
  const { id, at = [], rights = STANDARD } = actor;
  const { commands, channels } = rights.unknown;
  const has = command.allow === "anyone" && unknownHas(commands, command);
  if (has && within(channels, at)) return YES;
  const whose = goesBeyond(command.allow, "person")
    ? notTheirs(actor, { command })
    : `${command.name} is for people whom calops knows${has ? `, or for anybody in ${channels?.join(", ")}` : ""}.`;
  return { ok: false, why: `${whose} ${id} is nobody's account in people.yaml; if it is yours, link makes it known.` };
}

function unknownHas(commands: NonNullable<Actor["rights"]>["unknown"]["commands"], command: Guarded): boolean {
  switch (commands) {
    case "none":
      return false;
    case "overview":
      return command.inside !== true;
    case "reading":
      return true;
    default:
      return commands.includes(command.name);
  }
}

function notThere(grant: Grant, actor: Actor, wish: Wish): string {
  const { command, environment, workflow } = wish;
  const asked = [
    within(grant.channels, actor.at ?? []) ? "" : "here",
    workflow === undefined ? "" : workflow === EVERY ? "for all workflows" : `for workflow ${workflow}`,
    environment === undefined ? "" : `in ${environment}`,
  ].filter((part) => part !== "");
  return `The role ${grant.role} gives ${actor.id} the command ${command.name} only ${limitsInWords(grant)}, and so not ${asked.join(" ")}.${whoElse(actor, wish)}`;
}

function notTheirs(actor: Actor, wish: Wish): string {
  const roles = rolesWith(actor, wish);
  const { name } = wish.command;
  if (roles.length === 0) return `${name} is for nobody but whoever runs the bot: no role of people.yaml has it.`;
  return `${name} is for people with the role ${inWords(roles)}${holders(actor, roles)}.`;
}

function whoElse(actor: Actor, wish: Wish): string {
  const roles = rolesWith(actor, wish).filter((role) => !actor.roles.includes(role));
  return roles.length === 0 ? "" : ` People with the role ${inWords(roles)}${holders(actor, roles)} may.`;
}

/** Roles that have it where it was asked for; where none does, that have it anywhere. */
function rolesWith(actor: Actor, wish: Wish): string[] {
  const all = Object.keys((actor.rights ?? STANDARD).roles);
  const having = grantsOf({ ...actor, roles: all }).filter(({ commands }) => has(commands, wish.command));
  const there = having.filter((grant) => fits(grant, actor, wish));
  return (there.length > 0 ? there : having).map(({ role }) => role);
}

/** As many as one reads. */
const MOST = 6;

function holders({ rights }: Actor, roles: readonly string[]): string {
  const people = new Set(
    roles.flatMap((role) => (rights && Object.hasOwn(rights.holders, role) ? rights.holders[role] : []) ?? []),
  );
  if (people.size === 0) return "";
  const named = [...people].slice(0, MOST);
  return ` (${named.join(", ")}${people.size > MOST ? ` and ${people.size - MOST} more` : ""})`;
}

function limitsInWords({ workflows, environments, channels }: RoleRights): string {
  return [
    isEverything(workflows) ? "" : `for workflows ${workflows?.join(", ")}`,
    environments === undefined || environments.includes("**") ? "" : `in environments ${environments.join(", ")}`,
    isEverything(channels) ? "" : `from channels ${channels?.join(", ")}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function inWords(roles: readonly string[]): string {
  return roles.length < 2 ? roles.join("") : `${roles.slice(0, -1).join(", ")} or ${roles.at(-1)}`;
}

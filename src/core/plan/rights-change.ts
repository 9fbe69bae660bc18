/** How it changed what roles, and people whom nobody knows, may do. */
import type { Rights, RoleRights, UnknownRights } from "../permission/rights.ts";
import { type JudgedChange, judge } from "./judged.ts";

export const UNKNOWN = "people whom nobody knows";

export function rightsChanges(before: Rights, after: Rights): JudgedChange[] {
  const roles = [...new Set([...Object.keys(before.roles), ...Object.keys(after.roles)])];
  return [
    ...roles.flatMap((role) => roleChanges(`role ${role}`, roleIn(before, role), roleIn(after, role))),
    ...unknownChanges(before.unknown, after.unknown),
  ];
}

const NOTHING: RoleRights = { commands: [], workflows: undefined, environments: undefined, channels: undefined };

function roleIn({ roles }: Rights, role: string): RoleRights {
  return (Object.hasOwn(roles, role) ? roles[role] : undefined) ?? NOTHING;
}

function roleChanges(of: string, before: RoleRights, after: RoleRights): JudgedChange[] {
  const commands = changeOf({ of, what: "commands" }, commandsOf(before.commands), commandsOf(after.commands));
  // What a role may that had nothing, and where, is told by its commands.
  if (before === NOTHING || after === NOTHING) return commands;
  return [
    ...commands,
    ...(["workflows", "environments", "channels"] as const).flatMap((what) =>
      changeOf({ of, what }, before[what] ?? EVERYTHING, after[what] ?? EVERYTHING),
    ),
  ];
}

function unknownChanges(before: UnknownRights, after: UnknownRights): JudgedChange[] {
  return [
    ...changeOf({ of: UNKNOWN, what: "commands" }, readingOf(before.commands), readingOf(after.commands)),
    ...changeOf({ of: UNKNOWN, what: "channels" }, before.channels ?? EVERYTHING, after.channels ?? EVERYTHING),
  ];
}

const EVERYTHING = ["all"];

function commandsOf(commands: RoleRights["commands"]): readonly string[] {
  if (!("upTo" in commands)) return commands;
  switch (commands.upTo) {
    case "expert":
      return EVERYTHING;
    case "shifter":
      return ["those of a shifter"];
    default:
      return [];
  }
}

function readingOf(commands: UnknownRights["commands"]): readonly string[] {
  switch (commands) {
    case "none":
      return [];
    case "overview":
      return ["all but logs"];
    case "reading":
      return EVERYTHING;
    default:
      return commands;
  }
}

function changeOf(
  judged: Pick<JudgedChange, "of" | "what">,
  before: readonly string[],
  after: readonly string[],
): JudgedChange[] {
  const [from, to] = [inWords(before), inWords(after)];
  if (from === to) return [];
  return [judge(judged, { from, to }, { allOfBefore: covers(after, before), allOfAfter: covers(before, after) })];
}

function covers(those: readonly string[], these: readonly string[]): boolean {
  return those === EVERYTHING || these.every((one) => those.includes(one));
}

function inWords(list: readonly string[]): string {
  return list.length === 0 ? "none" : [...new Set(list)].sort().join(", ");
}

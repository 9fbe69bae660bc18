/** From `people.yaml` to who may what; what a person is known by is theirs alone. */
import { branchOf, PRODUCTION } from "../environment/environment.ts";
import { type Guarded, type Rights, type RoleRights, rightsOf } from "../permission/rights.ts";
import { choices, nearest } from "../text/nearest.ts";
import type { Parsed } from "./checker.ts";
import type { Kinds } from "./kinds.ts";
import type { Path } from "./path.ts";
import type { PeopleYaml } from "./people-yaml.ts";
import { identityOf } from "./public-key.ts";

export function compilePeople(parsed: Parsed<PeopleYaml>, kinds: Pick<Kinds, "accounts" | "commands">): Rights {
  checkKeys(parsed);
  checkAccounts(parsed);
  checkAddresses(parsed);
  checkRoles(parsed, kinds);
  const { roles, unknown, people } = parsed.value;
  return rightsOf({
    roles: Object.fromEntries(Object.entries(roles).map(([role, rights]) => [role, roleOf(rights)])),
    unknown: unknown && { commands: unknown.commands, channels: unknown.channels },
    people,
  });
}

/** A workflow that is named in full is there. */
export function checkRoleWorkflows({ value, check }: Parsed<PeopleYaml>, workflows: readonly string[]): void {
  for (const [role, rights] of Object.entries(value.roles))
    rights.workflows?.forEach((workflow, index) => {
      if (!workflow.includes("*"))
        check.reference(["roles", role, "workflows", index], workflow, workflows, `there is no workflow ${workflow}`);
    });
}

function roleOf({ commands, workflows, environments, channels }: PeopleYaml["roles"][string]): RoleRights {
  const upTo = { all: { upTo: "expert" }, reading: { upTo: "person" } } as const;
  return { commands: typeof commands === "string" ? upTo[commands] : commands, workflows, environments, channels };
}

function checkRoles(
  { value, check }: Parsed<PeopleYaml>,
  { accounts, commands }: Pick<Kinds, "accounts" | "commands">,
) {
  const held = new Set(Object.values(value.people).flatMap((person) => person.roles));
  for (const [role, rights] of Object.entries(value.roles)) {
    const meant = held.has(role) ? undefined : nearest(role, held);
    if (meant !== undefined && !Object.hasOwn(value.roles, meant))
      check.report(["roles", role], "unknown-reference", `nobody has the role ${role}`, `write ${meant}`);
    checkCommands(rights.commands, ["roles", role, "commands"], commands);
    rights.environments?.forEach((environment, index) => {
      if (environment !== PRODUCTION && branchOf(environment) === undefined && !environment.includes("*"))
        check.report(
          ["roles", role, "environments", index],
          "unknown-reference",
          `no environment can be called ${environment}`,
          `write ${nearest(environment, [PRODUCTION]) ?? `${PRODUCTION}, or mirror/${environment}`}`,
        );
    });
    checkChannels(rights.channels, ["roles", role, "channels"]);
  }
  if (!value.unknown) return;
  checkCommands(
    value.unknown.commands,
    ["unknown", "commands"],
    commands?.filter(({ allow }) => allow === "anyone"),
  );
  checkChannels(value.unknown.channels, ["unknown", "channels"]);

  function checkCommands(given: string | readonly string[], path: Path, able: readonly Guarded[] | undefined): void {
    if (typeof given === "string" || able === undefined) return;
    const names = able.map((command) => command.name);
    given.forEach((name, index) => {
      if (names.includes(name)) return;
      const known = commands?.some((command) => command.name === name);
      const at = [...path, index];
      if (known)
        check.report(
          at,
          "conflict",
          `${name} is nothing for people whom nobody knows`,
          "leave it out, or give it to a role",
        );
      else check.report(at, "unknown-reference", `there is no command ${name}`, choices(name, names));
    });
  }

  function checkChannels(given: readonly string[] | undefined, path: Path): void {
    const chats = Object.keys(accounts ?? {});
    given?.forEach((channel, index) => {
      const [chat = "", inside] = channel.split(":");
      if (accounts === undefined || channel === "direct" || chat.includes("*") || chats.includes(chat)) return;
      const instead =
        inside === undefined
          ? `write CHAT:CHANNEL as whoami shows it there, ${chats.join(" or ")} for a whole chat, or direct`
          : choices(chat, chats);
      check.report([...path, index], "wrong-value", `"${channel}" is not a channel`, instead);
    });
  }
}

/** Whoever wrote something does not approve it, so whose an address is must be clear. */
function checkAddresses({ value, check }: Parsed<PeopleYaml>): void {
  const owners = new Map<string, string>();
  for (const [person, { email, emails }] of Object.entries(value.people)) {
    const own = emails.map((address, index) => ({ address, path: ["emails", index] as Path }));
    const all = [...(email === undefined ? [] : [{ address: email, path: ["email"] as Path }]), ...own];
    for (const { address, path } of all) {
      const key = address.toLowerCase();
      const owner = owners.get(key);
      if (owner !== undefined)
        check.report(
          ["people", person, ...path],
          "conflict",
          owner === person ? "this address stands here twice" : `this address is ${owner}'s too`,
          owner === person ? "take one of them away" : "leave it to the one who commits with it",
        );
      owners.set(key, person);
    }
  }
}

function checkAccounts({ value, check }: Parsed<PeopleYaml>): void {
  const owners = new Map<string, string>();
  for (const [person, { accounts }] of Object.entries(value.people)) {
    for (const [chat, id] of Object.entries(accounts)) {
      const account = `${chat}:${id}`;
      const owner = owners.get(account);
      if (owner !== undefined)
        check.report(
          ["people", person, "accounts", chat],
          "conflict",
          `this account is ${owner}'s too`,
          "leave it to the one who uses it",
        );
      owners.set(account, person);
    }
  }
}

/** A signature is one person's: no two have the same key. */
function checkKeys({ value, check }: Parsed<PeopleYaml>): void {
  const owners = new Map<string, string>();
  for (const [person, { keys }] of Object.entries(value.people)) {
    keys.forEach((key, index) => {
      const owner = owners.get(identityOf(key));
      if (owner !== undefined)
        check.report(
          ["people", person, "keys", index],
          "conflict",
          owner === person ? "this key stands here twice" : `this key is ${owner}'s too`,
          owner === person ? "take one of them away" : "leave it to the one who signs with it",
        );
      owners.set(identityOf(key), person);
    });
  }
}

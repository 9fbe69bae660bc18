/** Who may do more, and who less. */
import type { Config } from "../config/config.ts";
import { identityOf } from "../config/public-key.ts";
import type { JudgedChange } from "./judged.ts";
import { rightsChanges } from "./rights-change.ts";
import { type NamedChanges, namedChanges, type SettingChange, settingChanges, settings } from "./settings.ts";

export type PeopleChange = NamedChanges & {
  /** Roles that people have now and had not before, whether they are new themselves or not. */
  readonly wider: readonly Role[];
  readonly narrower: readonly Role[];
  /** Roles that nobody has any more. */
  readonly emptied: readonly string[];
  /** Keys by which signatures are known. */
  readonly keys: readonly KeyChange[];
  /** Accounts in chats: whoever has one may what the person may. Plans of earlier versions do not have it. */
  readonly accounts?: readonly AccountChange[];
  /** What roles may, and people whom nobody knows. Plans of earlier versions do not have it. */
  readonly rights?: readonly JudgedChange[];
};

export type Role = { readonly person: string; readonly role: string };

export type KeyChange = {
  readonly person: string;
  /** Its kind and its end: enough to find it among others. */
  readonly key: string;
  readonly change: "added" | "removed";
};

export type AccountChange = {
  readonly person: string;
  /** `slack:U012AB3CD` */
  readonly account: string;
  readonly change: "added" | "removed";
};

type People = Config["people"];

type Side = Pick<Config, "people" | "rights">;

export function peopleChange(old: Side, now: Side): PeopleChange {
  return { ...changeOfPeople(old.people, now.people), rights: rightsChanges(old.rights, now.rights) };
}

/** Rights that have become more, or others. */
export function widerRights({ rights = [] }: PeopleChange): JudgedChange[] {
  return rights.filter(({ direction }) => direction === "looser" || direction === "changed");
}

function changeOfPeople(before: People, after: People): Omit<PeopleChange, "rights"> {
  const [old, now] = [rolesIn(before), rolesIn(after)];
  const left = new Set(now.map(({ role }) => role));
  return {
    ...namedChanges(before, after, changesOf),
    wider: without(now, old),
    narrower: without(old, now),
    emptied: [...new Set(old.map(({ role }) => role))].filter((role) => !left.has(role)),
    keys: [
      ...without(keysIn(after), keysIn(before)).map((one) => ({ ...one, change: "added" as const })),
      ...without(keysIn(before), keysIn(after)).map((one) => ({ ...one, change: "removed" as const })),
    ].map(({ person, key, change }) => ({ person, key: keyInWords(key), change })),
    accounts: [
      ...without(accountsIn(after), accountsIn(before)).map((one) => ({ ...one, change: "added" as const })),
      ...without(accountsIn(before), accountsIn(after)).map((one) => ({ ...one, change: "removed" as const })),
    ],
  };
}

function changesOf(before: People[string], after: People[string]): SettingChange[] {
  const plain = ({ name, email, emails }: People[string]) =>
    settings([
      ["name", name],
      ["email", email],
      ["emails", emails.length === 0 ? undefined : emails.join(", ")],
    ]);
  return settingChanges(plain(before), plain(after));
}

function rolesIn(people: People): Role[] {
  return Object.entries(people).flatMap(([person, { roles }]) => [...new Set(roles)].map((role) => ({ person, role })));
}

function keysIn(people: People): { person: string; key: string }[] {
  return Object.entries(people).flatMap(([person, { keys }]) => keys.map((key) => ({ person, key: identityOf(key) })));
}

function accountsIn(people: People): { person: string; account: string }[] {
  return Object.entries(people).flatMap(([person, { accounts }]) =>
    Object.entries(accounts).map(([chat, id]) => ({ person, account: `${chat}:${id}` })),
  );
}

/** `ssh-ed25519 ...k3Xw9Qpl` */
function keyInWords(identity: string): string {
  // Behind the body of a PGP block stands its checksum.
  const [, ofPgp] = /([A-Za-z0-9+/=]{8})(?:=[A-Za-z0-9+/]{4})?-----END/.exec(identity) ?? [];
  if (ofPgp !== undefined) return `PGP ...${ofPgp}`;
  const [kind = "", body = ""] = identity.split(" ");
  return `${kind} ...${body.slice(-8)}`;
}

function without<Entry extends object>(list: readonly Entry[], others: readonly Entry[]): Entry[] {
  const known = new Set(others.map((one) => JSON.stringify(one)));
  return list.filter((one) => !known.has(JSON.stringify(one)));
}

/** Somebody is told something alone, in each chat where they have an account; where they have none, in a channel that names them. */
import { type Block, say } from "../../core/say.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

type Message = {
  /** As people.yaml names them, or an account that nobody knows: `slack:U012AB3CD`. */
  readonly person: string;
  readonly key: string;
  readonly blocks: readonly Block[];
  /** Where it is told to somebody who has no account. */
  readonly otherwise: string;
};

export async function tellPerson(ledger: Ledger, scene: Scene, told: Message): Promise<void> {
  const { person, key, blocks, otherwise } = told;
  const accounts = await accountsOf(ledger, scene, person);
  if (accounts.length === 0) {
    ledger.post(key, otherwise, [say`For ${person}, who has no account here in people.yaml:`, ...blocks]);
    return;
  }
  for (const { chat, id } of accounts) ledger.post(key, `${chat}:@${id}`, blocks);
}

type Account = { readonly chat: string; readonly id: string };

async function accountsOf(ledger: Ledger, scene: Scene, person: string): Promise<readonly Account[]> {
  const [, chat = "", id = ""] = /^([a-z]+):(.+)$/s.exec(person) ?? [];
  const all = id === "" ? await accountsOfPerson(ledger, scene, person) : [{ chat, id }];
  return all.filter((account) => scene.chats().includes(account.chat));
}

/** Those of people.yaml, and those that were linked and are nobody's there. */
async function accountsOfPerson(ledger: Ledger, scene: Scene, person: string): Promise<readonly Account[]> {
  const people = scene.people();
  if (!Object.hasOwn(people, person)) return [];
  const declared = new Map(
    Object.entries(people).flatMap(([owner, { accounts }]) =>
      Object.entries(accounts).map(([chat, id]) => [`${chat}:${id}`, { owner, chat, id: id ?? "" }] as const),
    ),
  );
  const linked = await ledger.ask((loads) => loads.linkedAccounts());
  return [
    ...[...declared.values()].filter(({ owner, id }) => owner === person && id !== ""),
    ...linked.filter((one) => one.person === person && !declared.has(`${one.chat}:${one.id}`)),
  ].map(({ chat, id }) => ({ chat, id }));
}

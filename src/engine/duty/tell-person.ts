/** Somebody is told something alone, in each chat where they have an account; where they have none, in a channel that names them. */
import type { Config } from "../../core/config/config.ts";
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

export function tellPerson(ledger: Ledger, scene: Scene, { person, key, blocks, otherwise }: Message): void {
  const accounts = accountsOf(scene, person);
  if (accounts.length === 0) {
    ledger.post(key, otherwise, [say`For ${person}, who has no account here in people.yaml:`, ...blocks]);
    return;
  }
  for (const { chat, id } of accounts) ledger.post(key, `${chat}:@${id}`, blocks);
}

function accountsOf(scene: Scene, person: string): readonly { readonly chat: string; readonly id: string }[] {
  const [, chat = "", id = ""] = /^([a-z]+):(.+)$/s.exec(person) ?? [];
  const all = id === "" ? scene.accountsOf(person) : [{ chat, id }];
  return all.filter((account) => scene.chats().includes(account.chat));
}

export function accountsIn(people: Config["people"], person: string): { readonly chat: string; readonly id: string }[] {
  const accounts = Object.hasOwn(people, person) ? (people[person]?.accounts ?? {}) : {};
  return Object.entries(accounts).flatMap(([chat, id]) => (id === undefined ? [] : [{ chat, id }]));
}

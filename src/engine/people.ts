/**
 * Whose account it is that asks for something, and what they may. Only the people and roles at the head of the protected branch
 * count, whatever is deployed: nobody becomes somebody by a commit that is not in force yet.
 */
import type { Account, Place } from "../core/chat/request.ts";
import type { Actor } from "../core/command/command.ts";
import type { Config } from "../core/config/config.ts";
import type { Rights } from "../core/permission/rights.ts";
import { namesOfPlace } from "../core/permission/where.ts";

export type PeopleParts = {
  readonly rules: { readonly people: Config["people"]; readonly rights: Rights };
};

type AccountId = Pick<Account, "chat" | "id">;

export class People {
  readonly #rules: PeopleParts["rules"];

  constructor({ rules }: PeopleParts) {
    this.#rules = rules;
  }

  /** An account that is nobody's is named by what the chat calls it, never by a name that anybody could take. */
  async actorOf({ chat, id }: AccountId, place: Place): Promise<Actor> {
    const { people, rights } = this.#rules;
    const here = { owner: false, via: chat, at: namesOfPlace(chat, place), rights };
    const found = Object.entries(people).find(([, { accounts }]) => accountIn(accounts, chat) === id);
    if (!found) return { id: `${chat}:${id}`, roles: [], unknown: true, ...here };
    const [person, { roles }] = found;
    return { id: person, roles, ...here };
  }

  /** Every account of a person, to tell them something alone; none for whoever is not in people.yaml. */
  async accountsOf(person: string): Promise<AccountId[]> {
    const { people } = this.#rules;
    const known = Object.hasOwn(people, person) ? people[person] : undefined;
    return Object.entries(known?.accounts ?? {}).flatMap(([chat, id]) => (id === undefined ? [] : [{ chat, id }]));
  }
}

function accountIn(accounts: Config["people"][string]["accounts"], chat: string): string | undefined {
  return Object.hasOwn(accounts, chat) ? accounts[chat] : undefined;
}

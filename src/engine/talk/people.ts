/**
 * Whose account it is that asks for something, and what they may. Only the people and roles at the head of the protected branch
 * count, whatever is deployed: nobody becomes somebody by a commit that is not in force yet, and whoever is taken out of
 * people.yaml loses everything at once, also by accounts that they had linked themselves.
 */
import type { Account, Place } from "../../core/chat/request.ts";
import type { Actor } from "../../core/command/command.ts";
import type { Config } from "../../core/config/config.ts";
import type { Rights } from "../../core/permission/rights.ts";
import { namesOfPlace } from "../../core/permission/where.ts";
import type { PersonsAccount } from "../../ports/linking.ts";
import type { Queries } from "../../ports/queries.ts";

export type PeopleParts = {
  readonly rules: { readonly people: Config["people"]; readonly rights: Rights };
  readonly queries: Pick<Queries, "linkedAccount" | "linkedAccounts">;
};

export class People {
  readonly #parts: PeopleParts;

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  /** An account that is nobody's is named by what the chat calls it, never by a name that anybody could take. */
  async actorOf(account: Account, place: Place): Promise<Actor> {
    const { chat, id } = account;
    const { people, rights } = this.#parts.rules;
    const here = { owner: false, via: chat, at: namesOfPlace(chat, place), rights, account };
    const person = this.ownerIn(account) ?? (await this.#parts.queries.linkedAccount(chat, id))?.person ?? undefined;
    const known = person !== undefined && Object.hasOwn(people, person) ? people[person] : undefined;
    if (person === undefined || !known) return { id: `${chat}:${id}`, roles: [], unknown: true, ...here };
    return { id: person, roles: known.roles, ...here };
  }

  /** Every account of a person, to tell them something alone; none for whoever is not in people.yaml. */
  async accountsOf(person: string): Promise<PersonsAccount[]> {
    const { people } = this.#parts.rules;
    const known = Object.hasOwn(people, person) ? people[person] : undefined;
    if (!known) return [];
    const declared = Object.entries(known.accounts).flatMap(([chat, id]) =>
      id === undefined ? [] : [{ chat, id, linkedAt: null }],
    );
    const linked = (await this.#parts.queries.linkedAccounts()).filter(
      (account) => account.person === person && this.ownerIn(account) === undefined,
    );
    return [...declared, ...linked.map(({ chat, id, since }) => ({ chat, id, linkedAt: since }))];
  }

  /** Whose it is by people.yaml. */
  ownerIn({ chat, id }: Pick<Account, "chat" | "id">): string | undefined {
    const found = Object.entries(this.#parts.rules.people).find(
      ([, { accounts }]) => Object.hasOwn(accounts, chat) && accounts[chat] === id,
    );
    return found?.[0];
  }

  nameOf(person: string): string | undefined {
    const { people } = this.#parts.rules;
    return Object.hasOwn(people, person) ? people[person]?.name : undefined;
  }
}

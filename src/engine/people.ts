/**
 * Whose account it is that asks for something. Only the people at the head of the protected branch count, whatever is deployed:
 * nobody becomes somebody by a commit that is not in force yet.
 */
import type { Account } from "../core/chat/request.ts";
import type { Actor } from "../core/command/command.ts";
import type { Config } from "../core/config/config.ts";

export type PeopleParts = {
  readonly rules: { readonly people: Config["people"] };
};

export class People {
  readonly #rules: PeopleParts["rules"];

  constructor({ rules }: PeopleParts) {
    this.#rules = rules;
  }

  /** Who they are, and what they may. An account that is nobody's is named by what the chat calls it, never by a name that anybody could take. */
  async actorOf({ chat, id }: Pick<Account, "chat" | "id">): Promise<Actor> {
    const found = Object.entries(this.#rules.people).find(([, { accounts }]) => accountIn(accounts, chat) === id);
    if (!found) return { id: `${chat}:${id}`, roles: [], owner: false, via: chat, unknown: true };
    const [person, { roles }] = found;
    return { id: person, roles, owner: false, via: chat };
  }

  /** Every account of a person, to tell them something alone; none for whoever is not in people.yaml. */
  async accountsOf(person: string): Promise<{ readonly chat: string; readonly id: string }[]> {
    const known = Object.hasOwn(this.#rules.people, person) ? this.#rules.people[person] : undefined;
    return Object.entries(known?.accounts ?? {}).flatMap(([chat, id]) => (id === undefined ? [] : [{ chat, id }]));
  }
}

function accountIn(accounts: Config["people"][string]["accounts"], chat: string): string | undefined {
  return Object.hasOwn(accounts, chat) ? accounts[chat] : undefined;
}

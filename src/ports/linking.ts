/** Which accounts are whose, and how that changes without a merge request. */
import type { Account } from "../core/chat/request.ts";
import type { Actor } from "../core/command/command.ts";
import type { Instant } from "../core/time.ts";
import type { Done, Refusal } from "./operations.ts";

export type PersonsAccount = {
  readonly chat: string;
  readonly id: string;
  /** Null where people.yaml says so. */
  readonly linkedAt: Instant | null;
};

export interface Linking {
  /** A code for an account that is nobody's yet; the one before is worth nothing any more. */
  offer(account: Account): Promise<Done<{ code: string; until: Instant }>>;
  /** Whose account a code was given to; undefined where it is not one, or they have typed too many that were none. */
  look(code: string, by: Actor): Promise<Account | undefined>;
  /** @param person who it is by people.yaml: the one who confirms, or somebody else where whoever runs the bot does */
  confirm(
    code: string,
    person: string,
    by: Actor,
  ): Promise<
    Done<{ account: Account }> | Refusal<"unknown-code" | "too-many-guesses" | "unknown-person" | "not-yours">
  >;
  /** Ends what a code began. What stands in people.yaml is taken out there. */
  unlink(
    account: Pick<Account, "chat" | "id">,
    by: Actor,
  ): Promise<Done<{ was: string }> | Refusal<"not-linked" | "in-people-yaml" | "not-yours">>;
  accountsOf(person: string): Promise<readonly PersonsAccount[]>;
  /** As people.yaml calls them; undefined for nobody. */
  nameOf(person: string): string | undefined;
}

/**
 * A tracker of tickets outside: Jira, the issues of a GitLab or GitHub project. It only carries; what is to be done and when is decided
 * in `core/ticket`. Every deed may be asked for twice, and is done once. Rejects with an `Error` that says in words what was wrong; its
 * `retryAfterMs`, where it has one, is how long the tracker wants to be left alone.
 */
import type { Finding } from "../core/doctor/finding.ts";
import type { Block } from "../core/say.ts";
import type { RemoteTicket, TicketState } from "../core/ticket/ticket.ts";
import type { Instant } from "../core/time.ts";

export interface Tickets {
  /** The one that was made under this key, not before `since`; undefined where there is none, or the tracker does not know of it yet. */
  find(key: string, since: Instant): Promise<RemoteTicket | undefined>;
  /** Not to be asked for a second time before `find` has said that it is not there: this makes one in any case. */
  make(key: string, ticket: NewTicket): Promise<RemoteTicket>;
  /** Both by their ids. */
  block(blocker: string, blocked: string): Promise<void>;
  move(id: string, to: TicketState): Promise<void>;
  /** Writes into it, once under each key. */
  write(id: string, key: string, blocks: readonly Block[]): Promise<void>;
  /** Whether its token is taken, and what it may. Finds out; changes nothing. */
  examine(): Promise<readonly Finding[]>;
}

export type NewTicket = {
  readonly title: string;
  readonly body: readonly Block[];
  /** What the tracker calls whoever it is for; it is made without them where the tracker does not know them. */
  readonly assignee: string | null;
};

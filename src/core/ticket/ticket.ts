/**
 * A ticket in somebody else's tracker, as it is to be and as it is known to be there. Its key makes asking for it twice the same
 * as once; what becomes of it is decided in `life.ts`.
 */
import type { Block } from "../say.ts";
import type { Instant } from "../time.ts";

export const TICKET_STATES = ["open", "working", "done"] as const;
export type TicketState = (typeof TICKET_STATES)[number];

export type Ticket = {
  readonly key: string;
  readonly title: string;
  readonly body: readonly Block[];
  /** A person or a role of people.yaml; null for nobody. */
  readonly assignee: string | null;
  /** As it is to be. */
  readonly state: TicketState;
  /** Keys of the tickets that it holds back. */
  readonly blocks: readonly string[];
  /** What is still to be written into it, in order. */
  readonly notes: readonly TicketNote[];
  /** What the tracker calls it; null before it is known to be there. */
  readonly remote: RemoteTicket | null;
  /** What the tracker was told. `state` is null where nobody knows how it stands there. */
  readonly told: { readonly state: TicketState | null; readonly blocks: readonly string[] };
  /** Since when it may be there already, though nobody heard so: it is looked for before it is made again. */
  readonly triedAt: Instant | null;
  /** Why the tracker did not do what it was asked for last; null while all is well. */
  readonly trouble: string | null;
  /** How often in a row. */
  readonly failures: number;
  readonly createdAt: Instant;
  readonly version: number;
};

export type TicketNote = { readonly key: string; readonly text: string };

export type RemoteTicket = { readonly id: string; readonly url: string };

/** What somebody wants there to be. */
export type TicketWish = Pick<Ticket, "key" | "title" | "body" | "assignee" | "blocks">;

/** Tickets that are wanted, moved and written into, each in the unit of work that it belongs to. What the tracker is asked for comes after. */

import type { Decision } from "../core/decision.ts";
import { move, note, want, wantNew } from "../core/ticket/life.ts";
import type { Ticket, TicketNote, TicketState, TicketWish } from "../core/ticket/ticket.ts";
import type { Ledger } from "./ledger.ts";

/** There is to be a ticket under this key. Where there is one, it holds back what is wished now, too. */
export async function wantTicket(ledger: Ledger, wish: TicketWish): Promise<void> {
  const known = await ticketOf(ledger, wish.key);
  accept(ledger, known ? want(known, wish, ledger.now) : wantNew(wish, ledger.now));
  // It may have been wanted while there was no tracker. One whose tracker is in trouble has its turn later.
  if (known?.failures === 0 && (known.remote === null || known.told.state !== known.state))
    ledger.wake({ kind: "ticket", ref: wish.key });
}

/** Nothing where nobody wants such a ticket. */
export async function moveTicket(ledger: Ledger, key: string, to: TicketState, why: string): Promise<void> {
  const known = await ticketOf(ledger, key);
  if (known) accept(ledger, move(known, to, why, ledger.now));
}

/** Written once under the note's own key. Nothing where nobody wants such a ticket. */
export async function noteOnTicket(ledger: Ledger, key: string, added: TicketNote): Promise<void> {
  const known = await ticketOf(ledger, key);
  if (known) accept(ledger, note(known, added, ledger.now));
}

async function ticketOf(ledger: Ledger, key: string): Promise<Ticket | undefined> {
  const [ticket] = await ledger.ask((loads) => loads.tickets([key]));
  return ticket;
}

function accept(ledger: Ledger, decision: Decision<Ticket, string>): void {
  if (!decision.ok) return;
  ledger.put("tickets", decision.next);
  ledger.happened("ticket", decision.next.key, decision);
}

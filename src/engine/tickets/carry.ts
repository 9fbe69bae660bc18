/**
 * The errand `ticket`: brings the tracker to what a ticket is to be, step by step. Each step that was done is on disk before the next
 * one, and a ticket that is about to be made is on disk before it is made.
 */
import type { Decision } from "../../core/decision.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
import { say } from "../../core/say.ts";
import {
  hasTrouble,
  isNotThere,
  isThere,
  type NextDeed,
  nextDeed,
  tryAgainAt,
  tryToMake,
  wasDone,
} from "../../core/ticket/life.ts";
import type { RemoteTicket, Ticket } from "../../core/ticket/ticket.ts";
import type { Instant } from "../../core/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Tickets } from "../../ports/tickets.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";

export type CarryParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly clock: Clock;
  /** As production declares it; undefined where it declares none. */
  readonly tracker: () => Tickets | undefined;
  /** What the tracker calls a person of people.yaml; null for a role, and for somebody whose account nobody wrote down. */
  readonly accountOf: (person: string) => string | null;
};

/** More steps than any ticket has at once: beyond them something goes in a circle, and waits. */
const MOST_STEPS = 100;
/** So many failures are no hiccup: people are told. */
const TELL_AFTER = 4;

export async function carryTicket(parts: CarryParts, key: string): Promise<void> {
  const tracker = parts.tracker();
  if (!tracker) {
    // Whoever wants the ticket once there is a tracker again puts it on the list again.
    await change(parts, key, (ticket) => ({ ...ticket, trouble: null, failures: 0 }));
    await parts.engine.do("no tracker", (ledger) => ledger.transaction.finishErrand({ kind: "ticket", ref: key }));
    return;
  }
  let wakeAt: Instant | undefined;
  for (let step = 0; step < MOST_STEPS; step++) {
    const [ticket] = await parts.queries.tickets([key]);
    const deed: NextDeed = ticket
      ? nextDeed(ticket, await othersOf(parts, ticket), parts.clock.now())
      : { do: "nothing" };
    if (!ticket || deed.do === "nothing") {
      wakeAt = undefined;
      break;
    }
    const next = await take(parts, tracker, ticket, deed);
    if (next !== "at once") {
      wakeAt = next;
      break;
    }
  }
  await parts.engine.do("ticket", async (ledger) => {
    // Whoever changed it meanwhile has put the errand on the list again, and it is looked at once more.
    const [ticket] = await ledger.ask((loads) => loads.tickets([key]));
    await ledger.transaction.finishErrand({ kind: "ticket", ref: key });
    const now = ticket && wakeAt === undefined && nextDeed(ticket, new Map(), ledger.now).do !== "nothing";
    if (wakeAt !== undefined) ledger.wake({ kind: "ticket", ref: key }, wakeAt);
    else if (now) ledger.wake({ kind: "ticket", ref: key });
  });
}

type Going = "at once" | Instant;

/** Carries one deed out. When to go on: at once, or at a moment. */
async function take(
  parts: CarryParts,
  tracker: Tickets,
  ticket: Ticket,
  deed: Exclude<NextDeed, { do: "nothing" }>,
): Promise<Going> {
  switch (deed.do) {
    case "wait":
      return deed.until;
    case "find":
      return await find(parts, tracker, ticket);
    case "make":
      return await make(parts, tracker, ticket);
    default: {
      const id = ticket.remote?.id ?? "";
      const asked = await attempt(parts, ticket, () => {
        if (deed.do === "block") return tracker.block(id, deed.other.id);
        if (deed.do === "move") return tracker.move(id, deed.to);
        return tracker.write(id, deed.note.key, [say`${deed.note.text}`]);
      });
      if (!asked.ok) return asked.again;
      await change(parts, ticket.key, (now) => wasDone(now, deed));
      return "at once";
    }
  }
}

async function find(parts: CarryParts, tracker: Tickets, ticket: Ticket): Promise<Going> {
  const { key, createdAt } = ticket;
  const asked = await attempt(parts, ticket, () => tracker.find(key, createdAt));
  if (!asked.ok) return asked.again;
  const found = asked.value;
  let going: Going = "at once";
  await change(parts, key, (now, ledger) => {
    if (found) return happen(ledger, now, isThere(now, found, "found"));
    const missing = isNotThere(now, ledger.now);
    if (missing.ticket.triedAt !== null) going = missing.lookAgainAt;
    return missing.ticket;
  });
  return going;
}

async function make(parts: CarryParts, tracker: Tickets, ticket: Ticket): Promise<Going> {
  const { key, title, body, assignee } = ticket;
  await change(parts, key, (now, ledger) => happen(ledger, now, tryToMake(now, ledger.now)));
  const account = assignee === null ? null : parts.accountOf(assignee);
  const asked = await attempt(parts, ticket, () => tracker.make(key, { title, body, assignee: account }));
  if (!asked.ok) return asked.again;
  await change(parts, key, (now, ledger) => happen(ledger, now, isThere(now, asked.value, "made")));
  return "at once";
}

type Attempted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly again: Instant };

async function attempt<T>(parts: CarryParts, { key }: Ticket, ask: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    const { message, retryAfterMs } = error as Error & { readonly retryAfterMs?: number };
    let again = parts.clock.now();
    await change(parts, key, (now, ledger) => {
      const troubled = hasTrouble(now, message);
      again = tryAgainAt(troubled, ledger.now, retryAfterMs);
      if (troubled.failures === TELL_AFTER) tell(parts, ledger, troubled);
      return troubled;
    });
    return { ok: false, again };
  }
}

async function change(
  { engine }: CarryParts,
  key: string,
  decide: (ticket: Ticket, ledger: Ledger) => Ticket,
): Promise<void> {
  await engine.do("ticket", async (ledger) => {
    const [ticket] = await ledger.ask((loads) => loads.tickets([key]));
    const next = ticket && decide(ticket, ledger);
    if (next && next !== ticket) ledger.put("tickets", next);
  });
}

function happen(ledger: Ledger, ticket: Ticket, decision: Decision<Ticket, string>): Ticket {
  if (!decision.ok) return ticket;
  ledger.happened("ticket", ticket.key, decision);
  return decision.next;
}

/** In the channel of production: whoever reads there knows whom to ask about the tracker. */
function tell({ engine }: CarryParts, ledger: Ledger, { key, title, trouble }: Ticket): void {
  const { channel } = engine.scene.revisions.current(PRODUCTION).config;
  ledger.post(`ticket ${key} in trouble`, channel, [
    say`The ticket "${title}" cannot be kept up to date: ${trouble}. It is tried again, ever more rarely; doctor looks at the tracker.`,
  ]);
}

async function othersOf({ queries }: CarryParts, { blocks }: Ticket): Promise<Map<string, RemoteTicket | null>> {
  return new Map((await queries.tickets(blocks)).map((other) => [other.key, other.remote]));
}

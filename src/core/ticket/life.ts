/**
 * The life of a ticket.
 *
 *   wanted -> tried -> there             it is made under its key; one that may have been made is looked for first, for a while
 *   there: open <-> working <-> done     moved as what it speaks of moves, linked with what it holds back, written into
 *
 * What it is to be changes in the units of work that it speaks of. What the tracker was told changes when the tracker has said yes.
 */
import { become, type Decision, refuse } from "../decision.ts";
import { wake } from "../effect.ts";
import type { Instant } from "../time.ts";
import type { RemoteTicket, Ticket, TicketNote, TicketState, TicketWish } from "./ticket.ts";

/** Trackers find what was just made only after a while: so long it is looked for before it is made once more. */
const FOUND_WITHIN_MS = 120_000;
/** A ticket that it is to be linked with is not there yet. */
const OTHERS_MS = 15_000;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Notes that wait for a tracker that is away; the oldest go first. */
const MOST_NOTES = 20;

export function wantNew(wish: TicketWish, now: Instant): Decision<Ticket> {
  const ticket: Ticket = {
    ...wish,
    state: "open",
    notes: [],
    remote: null,
    told: { state: null, blocks: [] },
    triedAt: null,
    trouble: null,
    failures: 0,
    createdAt: now,
    version: 0,
  };
  return become(ticket, {}, { event: "wanted" }, [wake("ticket", ticket.key, now)]);
}

/** One that is there already: it holds back what is wished now, too. What it says is whoever's who reads it there. */
export function want(ticket: Ticket, wish: TicketWish, now: Instant): Decision<Ticket, "unchanged"> {
  const blocks = [...new Set([...ticket.blocks, ...wish.blocks])];
  if (blocks.length === ticket.blocks.length) return refuse("unchanged");
  return become(ticket, { blocks }, { event: "blocks", detail: { blocks } }, [wake("ticket", ticket.key, now)]);
}

export function move(ticket: Ticket, state: TicketState, why: string, now: Instant): Decision<Ticket, "unchanged"> {
  if (ticket.state === state) return refuse("unchanged");
  return become(ticket, { state }, { event: state, why }, [wake("ticket", ticket.key, now)]);
}

export function note(ticket: Ticket, added: TicketNote, now: Instant): Decision<Ticket, "unchanged"> {
  if (ticket.notes.some(({ key }) => key === added.key)) return refuse("unchanged");
  const notes = [...ticket.notes, added].slice(-MOST_NOTES);
  return become(ticket, { notes }, { event: "note", why: added.text }, [wake("ticket", ticket.key, now)]);
}

export type NextDeed =
  | { readonly do: "find" }
  | { readonly do: "make" }
  | { readonly do: "block"; readonly key: string; readonly other: RemoteTicket }
  | { readonly do: "move"; readonly to: TicketState }
  | { readonly do: "write"; readonly note: TicketNote }
  | { readonly do: "wait"; readonly until: Instant }
  | { readonly do: "nothing" };

/** What the tracker is to be asked for next. `others` are the tickets that it holds back, by their keys. */
export function nextDeed(ticket: Ticket, others: ReadonlyMap<string, RemoteTicket | null>, now: Instant): NextDeed {
  const { remote, triedAt, told, state, blocks, notes } = ticket;
  if (!remote) return triedAt === null ? { do: "make" } : { do: "find" };
  const missing = blocks.filter((key) => !told.blocks.includes(key));
  for (const key of missing) {
    const other = others.get(key);
    if (other) return { do: "block", key, other };
  }
  if (told.state !== state) return { do: "move", to: state };
  const [first] = notes;
  if (first) return { do: "write", note: first };
  return missing.length > 0 ? { do: "wait", until: now + OTHERS_MS } : { do: "nothing" };
}

/** It is about to be made: written down first, so that whoever comes after a crash looks for it. */
export function tryToMake(ticket: Ticket, now: Instant): Decision<Ticket, "already-there"> {
  if (ticket.remote) return refuse("already-there");
  return become(ticket, { triedAt: now }, { event: "tried" });
}

/** It is there: just made, and so open, or found. */
export function isThere(ticket: Ticket, remote: RemoteTicket, how: "made" | "found"): Decision<Ticket> {
  const state = how === "made" ? "open" : null;
  return become(
    ticket,
    { remote, triedAt: null, told: { state, blocks: [] }, ...WELL },
    { event: how, detail: { url: remote.url } },
  );
}

/** It was looked for and is not there. After a while that means that it was never made. */
export function isNotThere(ticket: Ticket, now: Instant): { readonly ticket: Ticket; readonly lookAgainAt: Instant } {
  const { triedAt } = ticket;
  const sureAt = (triedAt ?? now) + FOUND_WITHIN_MS;
  if (now < sureAt) return { ticket, lookAgainAt: Math.min(sureAt, now + FIRST_PAUSE_MS) };
  return { ticket: { ...ticket, triedAt: null }, lookAgainAt: now };
}

/** The tracker did it. */
export function wasDone(ticket: Ticket, deed: NextDeed): Ticket {
  switch (deed.do) {
    case "block":
      return { ...ticket, ...WELL, told: { ...ticket.told, blocks: [...ticket.told.blocks, deed.key] } };
    case "move":
      return { ...ticket, ...WELL, told: { ...ticket.told, state: deed.to } };
    case "write":
      return { ...ticket, ...WELL, notes: ticket.notes.filter(({ key }) => key !== deed.note.key) };
    default:
      return ticket;
  }
}

/** The tracker did not do it, and why. */
export function hasTrouble(ticket: Ticket, trouble: string): Ticket {
  return { ...ticket, trouble, failures: ticket.failures + 1 };
}

/** When it is tried again; a tracker may ask for a longer pause. */
export function tryAgainAt({ failures }: Ticket, now: Instant, asked: number | undefined): Instant {
  return now + Math.max(asked ?? 0, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)));
}

const WELL = { trouble: null, failures: 0 } as const;

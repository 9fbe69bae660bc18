import type { Ticket, TicketState } from "../../../core/ticket/ticket.ts";
import { fromJson, fromJsonOrNull, toJson, toJsonOrNull } from "./json.ts";

export type TicketRow = {
  key: string;
  title: string;
  body: string;
  assignee: string | null;
  state: string;
  blocks: string;
  notes: string;
  remote: string | null;
  told: string;
  tried_at: number | null;
  trouble: string | null;
  failures: number;
  created_at: number;
  version: number;
};

export function ticketRow(ticket: Ticket): TicketRow {
  return {
    key: ticket.key,
    title: ticket.title,
    body: toJson(ticket.body),
    assignee: ticket.assignee,
    state: ticket.state,
    blocks: toJson(ticket.blocks),
    notes: toJson(ticket.notes),
    remote: toJsonOrNull(ticket.remote),
    told: toJson(ticket.told),
    tried_at: ticket.triedAt,
    trouble: ticket.trouble,
    failures: ticket.failures,
    created_at: ticket.createdAt,
    version: ticket.version + 1,
  };
}

export function ticketOf(row: TicketRow): Ticket {
  return {
    key: row.key,
    title: row.title,
    body: fromJson(row.body),
    assignee: row.assignee,
    state: row.state as TicketState,
    blocks: fromJson(row.blocks),
    notes: fromJson(row.notes),
    remote: fromJsonOrNull(row.remote),
    told: fromJson(row.told),
    triedAt: row.tried_at,
    trouble: row.trouble,
    failures: row.failures,
    createdAt: row.created_at,
    version: row.version,
  };
}

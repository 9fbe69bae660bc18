/** Tickets in somebody else's tracker. */
import type { Migration } from "./migration.ts";

export const tickets: Migration = {
  version: 12,
  statements: ({ int }) => [
    `create table tickets (
      key text primary key, title text not null, body text not null, assignee text, state text not null, blocks text not null,
      notes text not null, remote text, told text not null, tried_at ${int}, trouble text, failures ${int} not null,
      created_at ${int} not null, version ${int} not null)`,
  ],
};

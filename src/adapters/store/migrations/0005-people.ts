/** Accounts of chats that people linked by a code. */
import type { Migration } from "./migration.ts";

export const people: Migration = {
  version: 5,
  statements: ({ int }) => [
    `create table link_codes (
      chat text not null, account text not null, name text not null, digest text not null, until ${int} not null, used_at ${int},
      primary key (chat, account))`,
    "create index link_codes_by_digest on link_codes (digest)",
    `create table linked_accounts (
      chat text not null, account text not null, person text, since ${int} not null, primary key (chat, account))`,
  ],
};

/** Messages that go to several chats and into threads; what people asked for in chats, and what they are to confirm. */
import type { Migration } from "./migration.ts";

export const chats: Migration = {
  version: 3,
  statements: ({ int }) => [
    "alter table messages rename to messages_before",
    `create table messages (
      key text not null, chat text not null, channel text not null, blocks text not null, edition ${int} not null,
      sent_edition ${int} not null, remote_ref text, thread text, place text, over ${int} not null, created_at ${int} not null,
      changed_at ${int} not null, due_at ${int} not null, sending ${int} not null,
      primary key (key, chat))`,
    `insert into messages select key, 'console', channel, blocks, edition, sent_edition, remote_ref, null, null, 0, created_at,
      changed_at, due_at, 0 from messages_before`,
    "drop table messages_before",
    "create index unsent_messages on messages (due_at) where sent_edition < edition",
    `create table requests (
      key text primary key, account text not null, place text not null, asking text not null, state text not null, at ${int} not null,
      answer text, failures ${int} not null)`,
    "create index open_requests on requests (at) where state <> 'answered'",
    "create index ended_requests on requests (at) where state = 'answered'",
    `create table confirmations (
      id text primary key, words text not null, asked_by text not null, basis text not null, at ${int} not null,
      until ${int} not null, used_by text, outcome text)`,
  ],
};

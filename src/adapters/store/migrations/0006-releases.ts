/** Holds on what is made of a group in bulk: announced, put off, ended. */
import type { Migration } from "./migration.ts";

export const releases: Migration = {
  version: 6,
  statements: ({ int }) => [
    `create table releases (
      group_id ${int} primary key, state text not null, reason text, extra_ms ${int} not null, ends_at ${int},
      wishes text not null, released_at ${int}, version ${int} not null)`,
  ],
};

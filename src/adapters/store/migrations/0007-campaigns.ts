/** How far campaigns are, and the label that marks what they made. */
import type { Migration } from "./migration.ts";

export const campaigns: Migration = {
  version: 7,
  statements: ({ int }) => [
    `create table campaigns (
      environment text not null, name text not null, state text not null, attempt ${int} not null, reason text, moved_by text not null,
      prepared ${int} not null, trouble text, started_at ${int}, finished_at ${int}, published text, modified_at ${int} not null,
      version ${int} not null, primary key (environment, name))`,
    "alter table attempts add column label text",
  ],
};

/** What thresholds said of results, and a way from a run to those before it. */
import type { Migration } from "./migration.ts";

export const judgements: Migration = {
  version: 13,
  statements: ({ int, clustered }) => [
    `create table judgements (
      task_id ${int} not null, attempt ${int} not null, verdict text not null, findings text not null, compared text not null,
      config_commit text not null, judged_at ${int} not null, primary key (task_id, attempt)) ${clustered}`,
    "create index groups_by_run on run_groups (environment, campaign, workflow, first_run, id)",
  ],
};

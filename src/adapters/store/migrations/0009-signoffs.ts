/** What people, or a rule, said to the results of tasks. */
import type { Migration } from "./migration.ts";

export const signoffs: Migration = {
  version: 9,
  statements: ({ int }) => [
    `create table signoffs (
      id ${int} primary key, environment text not null, campaign text not null, workflow text not null, task text not null,
      group_key text not null, task_id ${int} not null, attempt ${int} not null, config_commit text not null, state text not null,
      reason text, verdict text, shown text not null, steps text not null, same_person ${int} not null, authors text not null,
      votes text not null, reminders ${int} not null, reminded_at ${int}, escalated_at ${int}, overdue_at ${int},
      asked_at ${int} not null, turn_since ${int} not null, due_at ${int}, ended_at ${int}, version ${int} not null)`,
    "create index signoffs_of_task on signoffs (task_id, id)",
    "create index signoffs_by_state on signoffs (state, id)",
  ],
};

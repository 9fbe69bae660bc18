/** Changes -> statements. One line a kind of thing; what the columns are is said in `rows/`. */
import { CompiledQuery, type Kysely } from "kysely";
import { type Errand, rankOf } from "../../core/effect.ts";
import type { HistoryEntry } from "../../core/history.ts";
import type { Instant } from "../../core/time.ts";
import type { Changes } from "../../ports/store.ts";
import type { Membership, Things } from "../../ports/things.ts";
import type { Dialect } from "./dialect.ts";
import { alertRow, alertTaskRow, silenceRow, subscriptionRow } from "./rows/alerts.ts";
import { campaignRow } from "./rows/campaigns.ts";
import { confirmationRow, messageRow, requestRow } from "./rows/chats.ts";
import { deploymentRow, environmentRow } from "./rows/environments.ts";
import { groupRow } from "./rows/groups.ts";
import { historyRow } from "./rows/history.ts";
import { attemptRow, jobRow } from "./rows/jobs.ts";
import { toJsonOrNull } from "./rows/json.ts";
import { judgementRow } from "./rows/judgements.ts";
import { linkCodeRow, linkedAccountRow } from "./rows/people.ts";
import { constantUseRow, publicationRow, wantRow } from "./rows/publications.ts";
import { releaseRow } from "./rows/releases.ts";
import { quarantineRow, runRow } from "./rows/runs.ts";
import { signoffRow } from "./rows/signoffs.ts";
import { resultRow, taskRow } from "./rows/tasks.ts";
import { ticketRow } from "./rows/tickets.ts";
import type { Schema } from "./schema.ts";
import { type Upsert, upsert } from "./upsert.ts";

type Upserts = { readonly [Kind in keyof Things]: Upsert<Things[Kind]> };

const UPSERTS: Upserts = {
  runs: { table: "runs", key: ["number"], row: runRow, versioned: true },
  groups: { table: "run_groups", key: ["id"], row: groupRow, versioned: true },
  memberships: { table: "group_runs", key: ["group_id", "run"], row: (m) => ({ group_id: m.groupId, run: m.run }) },
  tasks: { table: "tasks", key: ["id"], row: taskRow, versioned: true },
  jobs: { table: "jobs", key: ["id"], row: jobRow, versioned: true },
  attempts: { table: "attempts", key: ["job_id", "number"], row: attemptRow, versioned: true },
  results: { table: "results", key: ["task_id", "attempt"], row: resultRow },
  signoffs: { table: "signoffs", key: ["id"], row: signoffRow, versioned: true },
  tickets: { table: "tickets", key: ["key"], row: ticketRow, versioned: true },
  judgements: { table: "judgements", key: ["task_id", "attempt"], row: judgementRow },
  releases: { table: "releases", key: ["group_id"], row: releaseRow, versioned: true },
  publications: { table: "publications", key: ["task_id", "attempt"], row: publicationRow, versioned: true },
  wants: { table: "wants", key: ["task_id", "position"], row: wantRow },
  constantUses: { table: "constant_uses", key: ["task_id", "attempt", "type", "iov"], row: constantUseRow },
  workflowStates: {
    table: "workflow_states",
    key: ["environment", "workflow"],
    row: (s) => ({
      environment: s.environment,
      workflow: s.workflow,
      paused: toJsonOrNull(s.paused),
      outcomes: s.outcomes,
      version: s.version + 1,
    }),
    versioned: true,
  },
  environments: { table: "environments", key: ["name"], row: environmentRow, versioned: true },
  deployments: { table: "deployments", key: ["id"], row: deploymentRow, versioned: true },
  alerts: { table: "alerts", key: ["id"], row: alertRow, versioned: true },
  alertTasks: { table: "alert_tasks", key: ["task_id", "alert_id"], row: alertTaskRow },
  silences: { table: "silences", key: ["id"], row: silenceRow },
  subscriptions: { table: "subscriptions", key: ["person", "environment", "subject"], row: subscriptionRow },
  posts: { table: "messages", key: ["key", "chat"], row: messageRow, keep: true },
  messages: { table: "messages", key: ["key", "chat"], row: messageRow },
  requests: { table: "requests", key: ["key"], row: requestRow },
  confirmations: { table: "confirmations", key: ["id"], row: confirmationRow },
  linkCodes: { table: "link_codes", key: ["chat", "account"], row: linkCodeRow },
  linkedAccounts: { table: "linked_accounts", key: ["chat", "account"], row: linkedAccountRow },
  campaigns: { table: "campaigns", key: ["environment", "name"], row: campaignRow, versioned: true },
  injections: {
    table: "injections",
    key: ["environment", "campaign", "run"],
    row: (i) => ({
      environment: i.environment,
      campaign: i.campaign,
      run: i.run,
      injected_by: i.by,
      injected_at: i.at,
    }),
    keep: true,
  },
  quarantine: { table: "quarantine", key: ["id"], row: quarantineRow },
  questions: {
    table: "questions",
    key: ["key"],
    row: (q) => ({
      key: q.key,
      state: q.state,
      detail: q.detail,
      asked_at: q.askedAt,
      failures: q.failures,
      spec: q.spec,
    }),
  },
  askers: { table: "askers", key: ["question", "task_id"], row: (a) => ({ question: a.question, task_id: a.taskId }) },
  sources: {
    table: "sources",
    key: ["name"],
    row: (s) => ({
      name: s.name,
      cursor: s.cursor,
      read_at: s.readAt,
      records: s.records,
      failures: s.failures,
      failure: s.failure,
    }),
  },
  facts: { table: "facts", key: ["name"], row: (f) => ({ name: f.name, value: f.value }) },
  tallies: {
    table: "tallies",
    key: ["environment", "campaign", "workflow", "task", "state"],
    row: (t) => ({
      environment: t.environment,
      campaign: t.campaign,
      workflow: t.workflow,
      task: t.task,
      state: t.state,
      count: t.count,
    }),
    add: ["count"],
  },
  usage: {
    table: "usage",
    key: ["environment", "workflow"],
    row: (u) => ({ environment: u.environment, workflow: u.workflow, bytes: u.bytes }),
    add: ["bytes"],
  },
};

const HISTORY: Upsert<HistoryEntry> = { table: "history", key: [], row: historyRow };
export async function writeChanges(db: Kysely<Schema>, dialect: Dialect, changes: Changes): Promise<void> {
  for (const kind of Object.keys(changes.put) as (keyof Things)[]) {
    await writeKind(db, dialect, kind, changes.put[kind] ?? []);
  }
  if (changes.history?.length) await upsert(db, dialect, HISTORY, changes.history);
  for (const { errand, at } of changes.wake ?? []) await wake(db, dialect, errand, at);
}

async function writeKind<Kind extends keyof Things>(
  db: Kysely<Schema>,
  dialect: Dialect,
  kind: Kind,
  things: readonly Things[Kind][],
): Promise<void> {
  if (kind === "memberships") {
    const memberships = things as readonly Membership[];
    for (const gone of memberships.filter((m) => !m.member)) {
      await db.deleteFrom("group_runs").where("group_id", "=", gone.groupId).where("run", "=", gone.run).execute();
    }
    await upsert(
      db,
      dialect,
      UPSERTS.memberships,
      memberships.filter((m) => m.member),
    );
    return;
  }
  await upsert(db, dialect, UPSERTS[kind] as Upsert<Things[Kind]>, things);
}

/** An errand that is on the list already is due at the earlier of both moments. */
async function wake(db: Kysely<Schema>, dialect: Dialect, errand: Errand, at: Instant): Promise<void> {
  const values = [1, 2, 3, 4].map((n) => dialect.placeholder(n)).join(",");
  const text = `insert into errands (kind,ref,rank,due_at) values (${values}) on conflict (kind,ref) do update set due_at=${dialect.smaller("errands.due_at", "excluded.due_at")}`;
  await db.executeQuery(CompiledQuery.raw(text, [errand.kind, errand.ref, rankOf(errand.kind), at]));
}

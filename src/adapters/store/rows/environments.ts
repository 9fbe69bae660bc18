import type { Deployment, DeploymentState } from "../../../core/deployment/deployment.ts";
import type { Environment } from "../../../core/environment/environment.ts";
import { fromJson, fromJsonOrNull, toJson, toJsonOrNull } from "./json.ts";

export type EnvironmentRow = {
  name: string;
  config_commit: string | null;
  ref: string | null;
  deployed_at: number | null;
  target: string | null;
  trouble: string | null;
  gone_since: number | null;
  archived_at: number | null;
  frozen: string | null;
  locked: string | null;
  queue: string;
  quarantine: string;
  version: number;
};

export type DeploymentRow = {
  id: number;
  environment: string;
  config_commit: string;
  ref: string | null;
  from_commit: string | null;
  kind: string;
  state: string;
  reason: string | null;
  waiting: string;
  requested_by: string;
  why: string | null;
  consents: string;
  author: string;
  email: string;
  subject: string;
  plan: string | null;
  requested_at: number;
  ended_at: number | null;
  took_ms: number | null;
  version: number;
};

export function environmentRow(environment: Environment): EnvironmentRow {
  return {
    name: environment.name,
    config_commit: environment.commit,
    ref: environment.ref,
    deployed_at: environment.deployedAt,
    target: toJsonOrNull(environment.target),
    trouble: environment.trouble,
    gone_since: environment.goneSince,
    archived_at: environment.archivedAt,
    frozen: toJsonOrNull(environment.freeze),
    locked: toJsonOrNull(environment.lock),
    queue: toJson(environment.queue),
    quarantine: toJson(environment.quarantine),
    version: environment.version + 1,
  };
}

export function environmentOf(row: EnvironmentRow): Environment {
  return {
    name: row.name,
    commit: row.config_commit,
    ref: row.ref,
    deployedAt: row.deployed_at,
    target: fromJsonOrNull(row.target),
    trouble: row.trouble,
    goneSince: row.gone_since,
    archivedAt: row.archived_at,
    freeze: fromJsonOrNull(row.frozen),
    lock: fromJsonOrNull(row.locked),
    queue: fromJson(row.queue),
    quarantine: fromJson(row.quarantine),
    version: row.version,
  };
}

export function deploymentRow(deployment: Deployment): DeploymentRow {
  return {
    id: deployment.id,
    environment: deployment.environment,
    config_commit: deployment.commit,
    ref: deployment.ref,
    from_commit: deployment.from,
    kind: deployment.kind,
    state: deployment.state,
    reason: deployment.reason,
    waiting: toJson(deployment.waiting),
    requested_by: deployment.requestedBy,
    why: deployment.why,
    consents: toJson(deployment.consents),
    author: deployment.author,
    email: deployment.email,
    subject: deployment.subject,
    plan: toJsonOrNull(deployment.plan),
    requested_at: deployment.requestedAt,
    ended_at: deployment.endedAt,
    took_ms: deployment.tookMs,
    version: deployment.version + 1,
  };
}

export function deploymentOf(row: DeploymentRow): Deployment {
  return {
    id: row.id,
    environment: row.environment,
    commit: row.config_commit,
    ref: row.ref,
    from: row.from_commit,
    kind: row.kind as Deployment["kind"],
    state: row.state as DeploymentState,
    reason: row.reason,
    waiting: fromJson(row.waiting),
    requestedBy: row.requested_by,
    why: row.why,
    consents: fromJson(row.consents),
    author: row.author,
    email: row.email,
    subject: row.subject,
    plan: fromJsonOrNull(row.plan),
    requestedAt: row.requested_at,
    endedAt: row.ended_at,
    tookMs: row.took_ms,
    version: row.version,
  };
}

/** Things for tests, whole and plain; what matters is said where they are made. */
import type { Alert } from "../../src/core/alert/alert.ts";
import { NO_PAST } from "../../src/core/alert/past.ts";
import type { Deployment } from "../../src/core/deployment/deployment.ts";
import { request } from "../../src/core/deployment/life.ts";
import { type Environment, freshEnvironment } from "../../src/core/environment/environment.ts";
import { type Group, openGroup } from "../../src/core/group/group.ts";
import type { Attempt, Job } from "../../src/core/job/job.ts";
import type { Run } from "../../src/core/run/run.ts";
import type { Signoff } from "../../src/core/signoff/signoff.ts";
import { NO_JOBS, type Task } from "../../src/core/task/task.ts";
import type { Judgement } from "../../src/core/validation/judgement.ts";
import type { Result } from "../../src/ports/things.ts";

export const AT = Date.UTC(2026, 10, 24);

export function aRun(number: number, more: Partial<Run> = {}): Run {
  return {
    number,
    source: "test",
    attributes: {},
    conflict: null,
    hold: null,
    firstSeenAt: AT,
    changedAt: AT,
    version: 0,
    ...more,
  };
}

export function aGroup(id: number, more: Partial<Group> = {}): Group {
  return {
    ...openGroup(id, { environment: "production", campaign: "prompt", workflow: "t0" }, String(id), AT),
    ...more,
  };
}

export function aTask(id: number, more: Partial<Task> = {}): Task {
  return {
    id,
    environment: "production",
    campaign: "prompt",
    workflow: "t0",
    name: "calibrate",
    groupId: id,
    groupKey: String(id),
    state: "new",
    reason: null,
    waiting: [],
    attempt: 1,
    iteration: 1,
    commit: "c0ffee",
    priority: 0,
    hold: null,
    stale: null,
    used: null,
    jobs: NO_JOBS,
    createdAt: AT,
    modifiedAt: AT,
    startedAt: null,
    endedAt: null,
    version: 0,
    ...more,
  };
}

export function aSignoff(id: number, more: Partial<Signoff> = {}): Signoff {
  return {
    id,
    environment: "production",
    campaign: "prompt",
    workflow: "t0",
    task: "calibrate",
    groupKey: "8215",
    taskId: id,
    attempt: 1,
    commit: "c0ffee",
    state: "asked",
    reason: null,
    verdict: null,
    shown: "digest",
    steps: [{ role: "timing", approvals: 1, deputies: [] }],
    samePerson: false,
    authors: [],
    votes: [],
    reminders: 0,
    remindedAt: null,
    escalatedAt: null,
    overdueAt: null,
    askedAt: AT,
    turnSince: AT,
    dueAt: null,
    endedAt: null,
    version: 0,
    ...more,
  };
}

export function aJudgement(taskId: number, more: Partial<Judgement> = {}): Judgement {
  return {
    taskId,
    attempt: 1,
    verdict: "ask",
    findings: [{ name: "shift", verdict: "ask", detail: "metrics.x < 1 does not hold", numbers: { "metrics.x": 2 } }],
    compared: { previous: { group: "8214", task: 3, attempt: 1 }, reference: null, history: 2 },
    commit: "c0ffee",
    at: AT,
    ...more,
  };
}

export function aJob(id: number, more: Partial<Job> = {}): Job {
  return {
    id,
    taskId: 1,
    taskAttempt: 1,
    iteration: 1,
    index: id,
    role: "part",
    state: "idle",
    held: false,
    executor: "local",
    environment: "production",
    workflow: "t0",
    priority: 0,
    attempts: 0,
    failures: 0,
    losses: 0,
    key: null,
    notBefore: AT,
    share: {},
    failure: null,
    createdAt: AT,
    modifiedAt: AT,
    version: 0,
    ...more,
  };
}

export function anAttempt(jobId: number, number: number, more: Partial<Attempt> = {}): Attempt {
  return {
    jobId,
    number,
    key: `key-${jobId}-${number}`,
    state: "submitting",
    executor: "local",
    externalId: null,
    host: null,
    commit: "c0ffee",
    label: "prompt",
    directory: `jobs/${jobId}.${number}`,
    submittedAt: AT,
    queuedAt: null,
    startedAt: null,
    endedAt: null,
    exitCode: null,
    signal: null,
    cause: null,
    message: null,
    cpuMs: null,
    outputs: null,
    bytes: 0,
    kept: "work",
    misses: 0,
    version: 0,
    ...more,
  };
}

export function anAlert(id: number, more: Partial<Alert> = {}): Alert {
  return {
    id,
    fingerprint: `f${id}`,
    environment: "production",
    workflow: "t0",
    task: "calibrate",
    severity: "warning",
    state: "firing",
    tasks: [{ task: 1, attempt: 1, group: "1", failedAt: AT }],
    open: 1,
    count: 1,
    firstAt: AT,
    lastAt: AT,
    resolvedAt: null,
    acknowledged: null,
    firingSince: AT,
    round: 0,
    toldAt: null,
    reminders: 0,
    steps: 0,
    quiet: false,
    handledBy: null,
    past: NO_PAST,
    evidence: {
      group: "1",
      firstError: null,
      logUrl: null,
      jobId: null,
      attempts: 1,
      since: AT,
      reason: "it failed",
      changed: "nothing",
    },
    version: 0,
    ...more,
  };
}

export function aResult(taskId: number, attempt: number, more: Partial<Result> = {}): Result {
  return {
    taskId,
    attempt,
    state: "done",
    reason: null,
    metrics: {},
    iterations: 1,
    commit: "c0ffee",
    used: null,
    jobs: NO_JOBS,
    startedAt: AT,
    endedAt: AT,
    ...more,
  };
}

export function anEnvironment(name: string, more: Partial<Environment> = {}): Environment {
  return { ...freshEnvironment(name), ...more };
}

export function aDeployment(id: number, more: Partial<Deployment> = {}): Deployment {
  const wanted = {
    id,
    environment: "production",
    commit: "c0ffee",
    ref: "refs/heads/main",
    from: null,
    kind: "deploy",
    requestedBy: "calops",
    why: null,
    author: "Ann",
    email: "ann@x.org",
    subject: "finer binning",
  } as const;
  return { ...request(wanted, AT), ...more };
}

/** Addresses of pages: stable, readable, and parsed in the same place as they are made. */
import type { Access } from "./access.ts";

export type LogAddress = { readonly jobId: number; readonly attempt: number };

/** `/logs/t0-calibrate-8215-1234-2.log?k=...`: workflow, task, group, job and attempt, as the field names its logs. */
export function logPath(access: Access, of: { workflow: string; task: string; group: string } & LogAddress): string {
  const readable = `${of.workflow}-${of.task}-${of.group}`.replace(/[^A-Za-z0-9._-]/g, "_");
  return `/logs/${readable}-${of.jobId}-${of.attempt}.log?k=${access.keyFor(logPage(of))}`;
}

export function parseLogName(name: string): LogAddress | undefined {
  const [, jobId, attempt] = /-(\d{1,15})-(\d{1,6})\.log$/.exec(name) ?? [];
  return jobId === undefined || attempt === undefined ? undefined : { jobId: Number(jobId), attempt: Number(attempt) };
}

export function outputPath(access: Access, of: LogAddress & { path: string }): string {
  const path = of.path.split("/").map(encodeURIComponent).join("/");
  return `/outputs/${of.jobId}/${of.attempt}/${path}?k=${access.keyFor(outputPage(of))}`;
}

/** The whole of a message or of an answer, by its own key. */
export function saidPath(access: Access, key: string): string {
  return `/said/${encodeURIComponent(key)}?k=${access.keyFor(saidPage(key))}`;
}

/**
 * What the keys are made for: a log by its job and attempt, the outputs of an attempt together, what was said by what it is
 * called.
 */
export function logPage({ jobId, attempt }: LogAddress): string {
  return `log ${jobId} ${attempt}`;
}

export function outputPage({ jobId, attempt }: LogAddress): string {
  return `outputs ${jobId} ${attempt}`;
}

export function saidPage(key: string): string {
  return `said ${key}`;
}

/** Which of the jobs of a task make its result, and what it comes to. */

import type { Attempt, Job } from "./job.ts";
import { largest, type Metrics, type OutputFile, type Outputs } from "./outputs.ts";

export type DoneJob = { readonly job: Job; readonly attempt: Attempt };

/** Of the last iteration: the job that combines the others, where there is one; all of them otherwise. */
export function resultJobs(done: readonly DoneJob[], iteration?: number): DoneJob[] {
  const last = iteration ?? Math.max(0, ...done.map(({ job }) => job.iteration));
  const ofLast = done.filter(({ job }) => job.iteration === last);
  const combined = ofLast.filter(({ job }) => job.role === "combine");
  return combined.length > 0 ? combined : ofLast;
}

export function metricsOf(jobs: readonly DoneJob[]): Metrics {
  return largest(jobs.map(({ attempt }) => outputsOf(attempt).metrics));
}

export function hasTooLittleData(jobs: readonly DoneJob[]): boolean {
  return jobs.some(({ attempt }) => outputsOf(attempt).verdict === "not-enough-data");
}

const NOTHING: Outputs = { metrics: {}, files: [], payloads: [], verdict: null };

export function outputsOf(attempt: Attempt): Outputs {
  return attempt.outputs ?? NOTHING;
}

/** Files of an attempt, by absolute path. */
export function filePaths(attempt: Attempt, outputDirectory: string): string[] {
  return outputsOf(attempt).files.map((file: OutputFile) => `${outputDirectory}/${file.path}`);
}

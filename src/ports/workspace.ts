/**
 * The files of jobs: each attempt has a directory of its own with its log, its outputs and its working directory.
 * Directories are named relative to the data directory, as the store keeps them.
 */
import type { Readable } from "node:stream";
import type { OutputTexts } from "../core/job/outputs.ts";

export interface Workspace {
  /** Absolute path of something below the data directory. */
  absolute(path: string): string;
  /** Absolute path of `$CALOPS_OUT` of an attempt. */
  outputOf(directory: string): string;
  /** What a job left in `$CALOPS_OUT`, and how much it is. */
  collect(directory: string): Promise<{ readonly texts: OutputTexts; readonly bytes: number }>;
  /** Looks through the log of a failed attempt: its first error, and which of these patterns stand in it. */
  inspectLog(directory: string, patterns: readonly RegExp[]): Promise<LogFindings>;
  /** Size of the log in bytes, unpacked; undefined when there is none (any more). */
  logSize(directory: string): Promise<number | undefined>;
  /** The log from a byte on, unpacked; whole or until `end` (excluded). */
  readLog(directory: string, start: number, end?: number): Promise<Readable>;
  /** The log from a byte on as it grows, by whole lines with the byte after their end, until `live` says that no more will come. */
  followLog(
    directory: string,
    from: number,
    live: () => Promise<boolean>,
  ): AsyncIterable<{ readonly text: string; readonly next: number }>;
  /** An output file of an attempt, or undefined when there is none of that name inside `$CALOPS_OUT`. */
  openOutput(
    directory: string,
    path: string,
  ): Promise<{ readonly stream: Readable; readonly bytes: number } | undefined>;
  /** Absolute path of an output file of an attempt, where it really is; undefined when there is none of that name inside `$CALOPS_OUT`. */
  realOutput(directory: string, path: string): Promise<string | undefined>;
  /** Bytes that the outputs of a workflow take, by looking at all of them. */
  bytesOf(environment: string, workflow: string): Promise<number>;
  /** Removes everything that the jobs of an environment left. */
  dropEnvironment(environment: string): Promise<void>;
  /** After a job has ended: packs its log, and removes its working directory unless it is kept to be looked at. */
  tidy(directory: string, keepWork: boolean): Promise<void>;
  /** Retention: the log, and the working directory if it is still there. */
  dropLog(directory: string): Promise<void>;
  dropWork(directory: string): Promise<void>;
  /** What the job left in `$CALOPS_OUT`. */
  dropOutput(directory: string): Promise<void>;
}

export type LogFindings = {
  /** Cleaned of colours and control characters, not of secrets. */
  readonly firstError: string | null;
  /** Sources of the patterns that were found. */
  readonly matched: ReadonlySet<string>;
};

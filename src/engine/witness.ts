/** Looks at what a job left behind before anything is decided about it: its results, and where it failed, its log. */
import { ASK_FOR_RETRY, type Cause, type Failure } from "../core/job/failure.ts";
import type { Ending } from "../core/job/life.ts";
import { readOutputs } from "../core/job/outputs.ts";
import type { Redact } from "../core/text/redact.ts";
import type { JobEnd, Sighting } from "../ports/executor.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { Witnessed } from "./stages/move-jobs.ts";

export type WitnessParts = {
  readonly workspace: Workspace;
  readonly redact: Redact;
  /** Patterns of the error rules of all configurations in use. */
  readonly logPatterns: () => readonly RegExp[];
};

export async function witness(parts: WitnessParts, sighting: Sighting, directory: string): Promise<Witnessed> {
  if (sighting.state !== "ended") return { kind: "seen", sighting };
  return { kind: "ended", key: sighting.key, ending: await endingOf(parts, sighting.end, directory) };
}

async function endingOf(parts: WitnessParts, end: JobEnd, directory: string): Promise<Ending> {
  const { texts, bytes } = await parts.workspace.collect(directory);
  const base = { startedAt: end.startedAt, endedAt: end.endedAt, host: end.host, cpuMs: end.cpuMs, bytes };
  const read = readOutputs(texts);
  const cause = causeOf(end);
  if (cause === undefined) {
    if (read.problem === undefined) return { ...base, outcome: { ok: true, outputs: read.outputs } };
    return {
      ...base,
      outcome: {
        ok: false,
        failure: { cause: "bad-output", exitCode: 0, message: parts.redact(read.problem) },
        matchedLog: new Set(),
      },
    };
  }
  const findings = await parts.workspace.inspectLog(directory, parts.logPatterns());
  const message = end.message ?? findings.firstError;
  const failure: Failure = {
    cause,
    exitCode: end.exitCode ?? undefined,
    signal: end.signal ?? undefined,
    message: message === null ? undefined : parts.redact(message),
  };
  const outputs = read.problem === undefined ? { outputs: read.outputs } : {};
  return { ...base, outcome: { ok: false, failure, matchedLog: findings.matched, ...outputs } };
}

/** Undefined for an end that is a success. */
function causeOf(end: JobEnd): Cause | undefined {
  if (end.ended !== null) return end.ended;
  if (end.exitCode === 0) return undefined;
  if (end.signal !== null) return "signal";
  return end.exitCode === ASK_FOR_RETRY ? "asked-retry" : "exit";
}

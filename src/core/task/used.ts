/** What a result was made from, as one digest: when the same question gives another digest later, the result is stale. */
import type { Values } from "../expression/types.ts";
import type { Digest } from "../job/key.ts";

export type Upstream = { readonly task: number; readonly attempt: number };

/** `runs.upstream.version.constants`: the parts are compared apart, since they change for different reasons. */
export function usedDigest(runs: string, upstream: string, version: string, constants: string): string {
  return `${runs}.${upstream}.${version}.${constants.slice(0, 16)}`;
}

export function runsOf(used: string): string {
  return used.split(".")[0] ?? "";
}

export function upstreamOf(used: string): string {
  return used.split(".")[1] ?? "";
}

/** By what the configuration made it; undefined for results from before that was written down. */
export function versionOf(used: string): string | undefined {
  return used.split(".")[2];
}

export function runsDigest(
  runs: readonly { readonly number: number; readonly attributes: Values }[],
  uses: readonly string[] | undefined,
  digest: Digest,
): string {
  const sorted = [...runs]
    .sort((a, b) => a.number - b.number)
    .map((run) => [run.number, Object.entries(attributesFor(run.attributes, uses)).sort(byName)]);
  return digest(JSON.stringify(sorted)).slice(0, 16);
}

export function upstreamDigest(upstream: readonly Upstream[], digest: Digest): string {
  const sorted = [...upstream].sort((a, b) => a.task - b.task).map((one) => [one.task, one.attempt]);
  return digest(JSON.stringify(sorted)).slice(0, 16);
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** The attributes that a workflow's jobs are given. */
export function attributesFor(attributes: Values, uses: readonly string[] | undefined): Values {
  if (!uses) return attributes;
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => uses.includes(name)));
}

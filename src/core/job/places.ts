/**
 * The names that may stand in `${...}` in a job's arguments and environment, and their values for one job.
 * One list serves the check at load time and the filling, so that what passes the one cannot fail in the other.
 */
import type { AttributeTypes, Values } from "../expression/types.ts";
import { type Grouping, ownRun } from "../group/grouping.ts";
import type { TemplateValues } from "../template.ts";

/** Known before a task has begun: what locks may use. */
export const GROUP_PLACES = [
  "experiment",
  "environment",
  "campaign",
  "workflow",
  "task",
  "group",
  "runs",
  "release",
  "tag",
  "label",
  "campaign-attempt",
] as const;

/** Known once a job is made. */
export const JOB_PLACES = [
  "attempt",
  "iteration",
  "job",
  "jobs",
  "job-attempt",
  "commit",
  "here",
  "output",
  "input",
] as const;

export type PlaceContext = {
  readonly grouping: Grouping;
  readonly attributes: AttributeTypes;
  readonly parameters: Readonly<Record<string, string>>;
  readonly hasValue: boolean;
  /** Payload types of the constants that its jobs are given. */
  readonly constants: readonly string[];
};

export function placeNames(context: PlaceContext, when: "lock" | "job"): string[] {
  return [
    ...GROUP_PLACES,
    ...(context.grouping.by === "run"
      ? ["run.number", ...Object.keys(context.attributes).map((name) => `run.${name}`)]
      : []),
    ...(context.grouping.by === "fill" ? ["fill"] : []),
    ...(context.grouping.by === "tick" ? ["tick"] : []),
    ...Object.keys(context.parameters).map((name) => `parameter.${name}`),
    ...(when === "job"
      ? [
          ...JOB_PLACES,
          ...(context.hasValue ? ["value"] : []),
          ...context.constants.map((type) => `conditions.${type}`),
        ]
      : []),
  ];
}

/** The values of `run.*`, `fill`, `tick` and the parameters for one group. */
export function groupValues(
  grouping: Grouping,
  groupKey: string,
  runs: readonly { readonly number: number; readonly attributes: Values }[],
  parameters: Readonly<Record<string, string>>,
): TemplateValues {
  const own = ownRun(grouping, groupKey, runs);
  const single = own ? { "run.number": String(own.number), ...prefixed("run.", Object.entries(own.attributes)) } : {};
  return {
    ...single,
    ...prefixed("parameter.", Object.entries(parameters)),
    ...(grouping.by === "fill" ? { fill: groupKey.replace("fill-", "") } : {}),
    ...(grouping.by === "tick" ? { tick: groupKey } : {}),
    group: groupKey,
    runs: runs.map((run) => String(run.number)),
  };
}

function prefixed(prefix: string, entries: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(entries.map(([name, value]) => [prefix + name, inWords(value)]));
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * By what a task makes its results, as one digest: when the configuration gives another one later, the results are stale.
 * What only says when, where, how often and for whom a task works is not part of it; neither are release and tag of a
 * campaign, which are the campaign's own.
 */
import type { Config } from "../config/config.ts";
import type { TreeEntry } from "../config/tree.ts";
import type { Expression } from "../expression/expression.ts";
import { tokensOf } from "../expression/tokens.ts";
import type { Digest } from "../job/key.ts";
import { filesOf } from "./files.ts";
import { needName, type TaskDefinition, type Workflow } from "./workflow.ts";

/** By `workflow/task`. */
export type Versions = Readonly<Record<string, string>>;

/** @param tree every file of the commit that the configuration was read from */
export function taskVersions(config: Config, tree: readonly TreeEntry[], digest: Digest): Versions {
  const files = filesOf(tree);
  const known = new Map<string, string>();
  // Many workflows may use one place: it is read once.
  const digestBelow = (place: string): string => {
    const before = known.get(place);
    if (before !== undefined) return before;
    const contents = files.below(place).map(({ path, blob }) => [path, blob]);
    const made = digest(JSON.stringify(contents));
    known.set(place, made);
    return made;
  };
  return Object.fromEntries(
    Object.values(config.workflows).flatMap((workflow) => {
      const paths = [`workflows/${workflow.name}`, ...[...workflow.shares].sort()];
      const used = paths.map((path) => files.placesFrom(path).map(digestBelow));
      const around = digest(canonical([settingsOf(workflow), used]));
      return workflow.tasks.map((task) => {
        const version = digest(canonical([around, madeBy(task)])).slice(0, 16);
        return [`${workflow.name}/${task.name}`, version] as const;
      });
    }),
  );
}

function settingsOf({ grouping, uses, parameters }: Workflow): unknown {
  return { grouping: groupsBy(grouping), uses: uses && [...uses].sort(), parameters };
}

/** When the clock strikes and how long a group stays open is no part of a group that is there. */
function groupsBy(grouping: Workflow["grouping"]): unknown {
  return grouping.by === "tick" ? { by: "tick" } : { ...grouping, graceMs: undefined };
}

function madeBy({ run, combine, split, repeat, env, needs, constants }: TaskDefinition): unknown {
  return {
    run,
    combine,
    split: splitBy(split),
    repeat: repeat && { ...repeat, until: textOf(repeat.until) },
    env,
    needs: needs.map((need) => needName(need)),
    constants,
  };
}

function splitBy(split: TaskDefinition["split"]): unknown {
  if (split.by === "number") return { by: "number", jobs: textOf(split.jobs) };
  if (split.by === "values" && "ask" in split.values) return { by: "values", values: textOf(split.values) };
  return split;
}

function textOf(expression: Expression | undefined): string | undefined {
  return expression && tokensOf(expression.text).join(" ");
}

/** JSON whose keys stand in one order, however they were written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** What an environment holds already of the workflows that change. */
import type { TagDrift } from "../conditions/drift.ts";
import type { Config } from "../config/config.ts";

/** Tallies of the environment serve as they are. */
export type Touched = {
  readonly tasks: readonly TaskCount[];
  /** Where global tags are not as the new configuration declares them; left out where nobody looked. */
  readonly tagDrift?: readonly TagDrift[];
};

/** How many tasks of one kind are in one state; there may be several of one kind and state. */
export type TaskCount = {
  readonly campaign: string;
  readonly workflow: string;
  readonly task: string;
  readonly state: string;
  readonly count: number;
};

/** What a change of one workflow touches. */
export type Touch = {
  readonly workflow: string;
  /** Those that carry runs through it. */
  readonly campaigns: readonly string[];
  /** Global tags of these campaigns. */
  readonly tags: readonly string[];
  /** Null where nothing is known of it. */
  readonly tasks: TaskStandings | null;
};

export type TaskStandings = {
  /** With a result. */
  readonly finished: number;
  /** They finish on the commit that they began with. */
  readonly underWay: number;
  /** They begin on the new commit. */
  readonly waiting: number;
};

export const NO_TASKS: TaskStandings = { finished: 0, underWay: 0, waiting: 0 };

/** @param config where the workflow stands */
export function touchOf(workflow: string, config: Config, touched: Touched | undefined, counts: Counts): Touch {
  const campaigns = Object.values(config.campaigns).filter(({ workflows }) => workflows?.includes(workflow) ?? true);
  const known = counts.ofWorkflow.get(workflow);
  return {
    workflow,
    campaigns: [...new Set([...campaigns.map(({ name }) => name), ...(known?.campaigns ?? [])])].sort(),
    tags: [...new Set(campaigns.map(({ tag }) => tag))].filter((tag) => tag !== "none").sort(),
    tasks: touched ? (known?.tasks ?? NO_TASKS) : null,
  };
}

/** Counts, added up. */
export type Counts = {
  readonly ofWorkflow: ReadonlyMap<string, { readonly tasks: TaskStandings; readonly campaigns: ReadonlySet<string> }>;
  /** Results by `workflow/task`. */
  readonly results: ReadonlyMap<string, number>;
};

export function countsOf(touched: Touched | undefined): Counts {
  const ofWorkflow = new Map<string, { tasks: Record<keyof TaskStandings, number>; campaigns: Set<string> }>();
  const results = new Map<string, number>();
  for (const { campaign, workflow, task, state, count } of touched?.tasks ?? []) {
    const standing = STANDINGS[state];
    if (standing === undefined || count === 0) continue;
    const found = ofWorkflow.get(workflow) ?? { tasks: { ...NO_TASKS }, campaigns: new Set<string>() };
    ofWorkflow.set(workflow, found);
    found.tasks[standing] += count;
    found.campaigns.add(campaign);
    const name = `${workflow}/${task}`;
    if (standing === "finished") results.set(name, (results.get(name) ?? 0) + count);
  }
  return { ofWorkflow, results };
}

/** What failed, was skipped or merged has no result, and no part in anything that comes. */
const STANDINGS: Readonly<Record<string, keyof TaskStandings>> = {
  new: "waiting",
  held: "waiting",
  ready: "waiting",
  processing: "underWay",
  "awaiting-signoff": "underWay",
  done: "finished",
};

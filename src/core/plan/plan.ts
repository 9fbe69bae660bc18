/**
 * What a change of the configuration does, as data: it is stored with its deployment, given out as JSON, and told in words
 * by `words.ts`. Fields are only ever added.
 */
import { DEFAULT_ALERTS } from "../alert/rules.ts";
import { isBroughtByDeploying, type TagDrift } from "../conditions/drift.ts";
import type { Config } from "../config/config.ts";
import type { TreeEntry } from "../config/tree.ts";
import type { Versions } from "../workflow/version.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { type DutyChanges, dutyChanges } from "./duty-changes.ts";
import { type Contents, type ExperimentChanges, experimentChanges, filesOfSource } from "./experiment-changes.ts";
import { changedFiles, type FileChange, type FileChanges, fileChanges, type SharedChange } from "./file-changes.ts";
import type { JudgedChange } from "./judged.ts";
import { type PeopleChange, peopleChange } from "./people-change.ts";
import { ruleChanges } from "./rule-changes.ts";
import { inBoth } from "./settings.ts";
import { changed, type StaleTask, staleTasks } from "./stale-results.ts";
import { runThresholds, runTypeThresholds, stageThresholds } from "./thresholds.ts";
import { countsOf, type Touch, type Touched, touchOf } from "./touched.ts";
import { isChange, thresholdChanges, type WorkflowChange, workflowChange } from "./workflow-change.ts";

export type { Touched } from "./touched.ts";

export type Plan = ExperimentChanges & {
  /** The commit that runs; null where nothing does. */
  readonly from: string | null;
  readonly to: string;
  readonly workflows: {
    /** How many there were. */
    readonly before: number;
    readonly added: readonly string[];
    readonly removed: readonly string[];
    /** Also those of which only thresholds or shared files are different. */
    readonly changed: readonly WorkflowChange[];
  };
  /** What decides whether results, runs and tasks pass. */
  readonly thresholds: readonly JudgedChange[];
  readonly stale: readonly StaleTask[];
  /** For each workflow that was added, removed or changed, or has stale tasks. */
  readonly touches: readonly Touch[];
  readonly people: PeopleChange;
  /** Of environments.yaml. Those in force are read from the protected branch, whatever runs. */
  readonly rules: readonly JudgedChange[];
  /** Left out of plans that were made before there were rotas. */
  readonly duty?: DutyChanges;
  /** Global tags that a deployment does not bring to what it declares: people decide. Left out where nobody looked. */
  readonly tagDrift?: readonly TagDrift[];
  /** What workflows share. */
  readonly shared: readonly SharedChange[];
  /** Other files, of which calops does not know who reads them. */
  readonly files: readonly FileChange[];
};

/** A configuration at one commit. */
export type PlanSide = {
  readonly commit: string;
  readonly config: Config;
  /** Every file of the commit. */
  readonly tree: readonly TreeEntry[];
  readonly versions: Versions;
};

/**
 * @param sides `before` is undefined where nothing runs yet: then everything is new, and nothing is changed or touched
 * @param touched undefined where no store is at hand: then nothing is counted
 */
export function planOf(
  { before, after }: { readonly before: PlanSide | undefined; readonly after: PlanSide },
  touched?: Touched,
): Plan {
  const old = before ?? nothingBefore(after);
  const versions = { before: old.versions, after: after.versions };
  const counts = countsOf(touched);
  const files = fileChanges(before ? changedFiles(old.tree, after.tree) : [], old.config, after.config);
  const workflows = workflowChanges(old.config, after.config, files, versions);
  const stale = staleTasks(after.config, versions, touched && counts.results);
  const ofSources = new Set(Object.values(after.config.sources).flatMap(filesOfSource));
  const touchedNames = new Set([
    ...workflows.added,
    ...workflows.changed.map((change) => change.workflow),
    ...stale.map(({ workflow }) => workflow),
  ]);
  return {
    from: before?.commit ?? null,
    to: after.commit,
    workflows: {
      before: Object.keys(old.config.workflows).length,
      added: workflows.added,
      removed: workflows.removed,
      changed: workflows.changed,
    },
    thresholds: [
      ...workflows.thresholds,
      ...runTypeThresholds(old.config, after.config),
      ...runThresholds("calops.yaml", old.config, after.config),
      ...stageThresholds(old.config, after.config),
    ],
    stale,
    touches: [
      ...[...touchedNames].map((name) => touchOf(name, after.config, touched, counts)),
      ...workflows.removed.map((name) => touchOf(name, old.config, touched, counts)),
    ],
    people: peopleChange(old.config, after.config),
    rules: ruleChanges(old.config.environments, after.config.environments),
    duty: dutyChanges(old.config, after.config),
    ...experimentChanges(old.config, after.config, { before: contentsOf(old.tree), after: contentsOf(after.tree) }),
    ...(touched?.tagDrift && { tagDrift: touched.tagDrift.filter(({ what }) => !isBroughtByDeploying(what)) }),
    shared: files.shared,
    files: files.others.filter(({ path }) => !ofSources.has(path)),
  };
}

function workflowChanges(before: Config, after: Config, files: FileChanges, versions: Parameters<typeof changed>[1]) {
  const found: WorkflowChange[] = [];
  const thresholds: JudgedChange[] = [];
  for (const [name, old, now] of inBoth(before.workflows, after.workflows)) {
    const judged = thresholdChanges(old, now);
    const change = workflowChange(old, now, judged, {
      files: files.beside.get(name) ?? [],
      versions: namesOfTasks(now).filter((task) => changed(`${name}/${task}`, versions)),
    });
    thresholds.push(...judged);
    if (judged.length > 0 || isChange(change)) found.push(change);
  }
  return {
    added: Object.keys(after.workflows).filter((name) => !Object.hasOwn(before.workflows, name)),
    removed: Object.keys(before.workflows).filter((name) => !Object.hasOwn(after.workflows, name)),
    changed: found,
    thresholds,
  };
}

function contentsOf(tree: readonly TreeEntry[]): Contents {
  return new Map(tree.map(({ path, blob }) => [path, blob]));
}

function namesOfTasks({ tasks }: Workflow): string[] {
  return tasks.map(({ name }) => name);
}

/** The same experiment with the same rules, and nothing in it. */
function nothingBefore(after: PlanSide): PlanSide {
  const config: Config = {
    ...after.config,
    sources: {},
    executors: {},
    runTypes: after.config.runTypes && {},
    people: {},
    rotas: {},
    alerts: DEFAULT_ALERTS,
    campaigns: {},
    tags: {},
    workflows: {},
  };
  return { commit: "", config, tree: [], versions: {} };
}

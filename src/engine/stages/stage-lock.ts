/**
 * Data sets that tasks wait for. One of a group is judged whenever a task of the group looks; one of a whole campaign is judged
 * once for all that wait for it, and again a little after something of it moved.
 */
import type { Config } from "../../core/config/config.ts";
import { stagesOn, tasksIn } from "../../core/config/locked-on.ts";
import { type Run, valuesOf } from "../../core/run/run.ts";
import { judgeStage, type Stage, type StageFacts } from "../../core/stage/stage.ts";
import type { AskFact, StageFact } from "../../core/task/locks.ts";
import { satisfies, type Task } from "../../core/task/task.ts";
import type { Need } from "../../core/workflow/workflow.ts";
import type { Loads } from "../../ports/loads.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { campaignFor } from "../upstream.ts";
import type { Declared } from "./declared.ts";

/** Tasks of a campaign end in bursts, and each judgement looks at all of its runs. */
const PAUSE_MS = 5_000;

type CampaignStage = { readonly environment: string; readonly campaign: string; readonly stage: string };

export async function stagesFor(
  ledger: Ledger,
  scene: Scene,
  { task, definition, revision }: Declared,
): Promise<StageFact[]> {
  const facts: StageFact[] = [];
  for (const lock of definition.locks) {
    const stage = lock.kind === "stage" ? revision.config.stages[lock.stage] : undefined;
    if (!stage) continue;
    const fact =
      stage.of === "group"
        ? await judgeOfGroup(ledger, scene, task, stage)
        : await ofCampaign(ledger, scene, task, stage);
    facts.push({
      what: stage.what === stage.name ? `data set ${stage.name}` : `data set ${stage.name} (${stage.what})`,
      owner: stage.owner,
      fact,
    });
  }
  return facts;
}

type OfCampaign = Pick<Task, "environment" | "campaign" | "workflow" | "name" | "state">;

/** A task is new, ended or began anew: data sets of its campaign may be complete, or no more. */
export async function wakeStagesOn(ledger: Ledger, config: Config, task: OfCampaign): Promise<void> {
  const { environment, campaign, workflow, name } = task;
  for (const stage of stagesOn(config, { workflow, task: name })) {
    const ref = refOf({ environment, campaign, stage });
    ledger.wake({ kind: "stage", ref }, ledger.now + PAUSE_MS);
    // It is complete no more: at once, so that nothing slips through until it is judged.
    const known = satisfies(task.state) ? undefined : await ledger.ask((loads) => loads.question(ref));
    if (known?.state === "open")
      ledger.put("questions", {
        ...known,
        state: "unknown",
        detail: `${workflow}/${name} is not done for all of it any more`,
      });
  }
}

/** A run changed: so may data sets of the campaigns that it was injected into. */
export function wakeStagesWith(
  ledger: Ledger,
  config: Config,
  environment: string,
  campaigns: readonly string[],
): void {
  const asking = Object.values(config.stages).filter(({ of, runs }) => of === "campaign" && runs !== undefined);
  for (const campaign of campaigns)
    for (const stage of asking)
      ledger.wake({ kind: "stage", ref: refOf({ environment, campaign, stage: stage.name }) }, ledger.now + PAUSE_MS);
}

/** The errand: judges a data set that somebody waits for, and tells them when it is otherwise than before. */
export async function judgeCampaignStage(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const known = await ledger.ask((loads) => loads.question(ref));
  if (!known) return;
  const of = JSON.parse(ref) as CampaignStage;
  const stage = scene.revisions.current(of.environment).config.stages[of.stage];
  if (stage?.of !== "campaign") return;
  const { state, detail } = await judge(ledger, scene, of, stage);
  if (state === known.state && detail === known.detail) return;
  for (const task of await ledger.ask((loads) => loads.askersOf(ref))) ledger.wake({ kind: "task", ref: String(task) });
}

async function ofCampaign(ledger: Ledger, scene: Scene, task: Task, stage: Stage): Promise<AskFact> {
  const { environment, campaign } = task;
  const { config } = scene.revisions.current(environment);
  if (config.campaigns[campaign]?.kind === "prompt")
    return { state: "closed", detail: `it is about a whole campaign, and ${campaign} takes runs without end` };
  const of = { environment, campaign, stage: stage.name };
  const ref = refOf(of);
  const known = await ledger.ask((loads) => loads.question(ref));
  ledger.put("askers", { question: ref, taskId: task.id });
  return known?.spec === specOf(stage)
    ? { state: known.state, detail: known.detail }
    : await judge(ledger, scene, of, stage);
}

async function judge(ledger: Ledger, scene: Scene, of: CampaignStage, stage: Stage): Promise<AskFact> {
  const { environment, campaign } = of;
  const { config } = scene.revisions.current(environment);
  const facts = {
    runs: stage.runs ? await valuesOfRuns(ledger, (loads) => loads.injectedRuns(environment, campaign)) : [],
    tasks: await statesOf(config, stage, (need) =>
      ledger.ask((loads) => loads.statesOverCampaign(environment, campaign, need)),
    ),
  };
  const fact = judgeStage(stage, facts);
  ledger.put("questions", { key: refOf(of), ...fact, askedAt: ledger.now, failures: 0, spec: specOf(stage) });
  return fact;
}

async function judgeOfGroup(ledger: Ledger, scene: Scene, task: Task, stage: Stage): Promise<AskFact> {
  const { groupId, environment } = task;
  const { config } = scene.revisions.current(environment);
  return judgeStage(stage, {
    runs: stage.runs ? await valuesOfRuns(ledger, (loads) => loads.runsOfGroup(groupId)) : [],
    tasks: await statesOf(config, stage, (need) =>
      ledger.ask((loads) => loads.statesOverGroup(groupId, need, environment, campaignFor(scene, task, need))),
    ),
  });
}

async function valuesOfRuns(ledger: Ledger, numbers: (loads: Loads) => Promise<number[]>): Promise<StageFacts["runs"]> {
  const runs: readonly Run[] = await ledger.runs.all(await ledger.ask(numbers));
  return runs.map((run) => ({ number: run.number, values: valuesOf(run) }));
}

async function statesOf(
  config: Config,
  stage: Stage,
  on: (need: Need) => Promise<StageFacts["tasks"][number]["on"]>,
): Promise<StageFacts["tasks"]> {
  const tasks = [];
  for (const need of tasksIn(config, stage.tasks)) tasks.push({ need, on: await on(need) });
  return tasks;
}

function refOf({ environment, campaign, stage }: CampaignStage): string {
  return JSON.stringify({ environment, campaign, stage });
}

/** Whatever makes another data set of it: it is judged anew where this has changed. */
function specOf({ runs, tasks }: Stage): string {
  return JSON.stringify({ runs: runs?.text, tasks });
}

/** A place came free in a workflow, or it goes on after a pause: tasks that were ready look again, as many as may begin. */
import { campaignBlocks } from "../../core/campaign/blocks.ts";
import { processingNow } from "../as-of-now.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

/** Tasks to a time; where more may begin, the errand comes again. */
const AT_ONCE = 200;
const NEXT_BITE_MS = 100;

export async function admit(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const [environment = "", workflow = ""] = ref.split(" ");
  const declared = scene.revisions.environments.includes(environment)
    ? scene.revisions.current(environment).config.workflows[workflow]
    : undefined;
  const most = declared?.limits.tasks;
  const free = most === undefined ? AT_ONCE : Math.max(0, most - processingNow(ledger, scene, environment, workflow));
  // Tasks of a campaign that is paused must not stand before those of one that is not.
  const without = await closedCampaigns(ledger, scene, environment);
  const ready = await ledger.ask((loads) => loads.readyTasks(environment, workflow, Math.min(free, AT_ONCE), without));
  for (const task of ready) ledger.wake({ kind: "task", ref: String(task.id) });
  const { paused } = await ledger.workflowState(environment, workflow);
  if (ready.length === AT_ONCE && !paused) ledger.wake({ kind: "admit", ref }, ledger.now + NEXT_BITE_MS);
}

async function closedCampaigns(ledger: Ledger, scene: Scene, environment: string): Promise<string[]> {
  if (!scene.revisions.environments.includes(environment)) return [];
  const closed: string[] = [];
  for (const campaign of Object.values(scene.revisions.current(environment).config.campaigns))
    if (campaignBlocks(await ledger.campaign(environment, campaign)).length > 0) closed.push(campaign.name);
  return closed;
}

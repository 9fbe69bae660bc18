/** Workflows that run by the clock: a group without runs at each moment of the schedule. */
import { Cron } from "croner";
import { takesRuns } from "../../core/campaign/campaign.ts";
import { openGroup } from "../../core/group/group.ts";
import type { Grouping } from "../../core/group/grouping.ts";
import { type Instant, iso } from "../../core/time.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { makeTasks } from "./make-tasks.ts";

/** The moment after `now` at which a schedule comes next. */
export function nextTick(grouping: Extract<Grouping, { by: "tick" }>, now: Instant): Instant | undefined {
  return new Cron(grouping.cron, { timezone: grouping.timezone, mode: "5-part" }).nextRun(new Date(now))?.getTime();
}

/** The moment is up, or was while the bot was away: then the schedule is made up for once, however many moments went by. */
export async function tick(ledger: Ledger, scene: Scene, ref: string, at: Instant): Promise<void> {
  const [environment = "", name = ""] = ref.split(" ");
  if (!scene.revisions.environments.includes(environment)) return;
  const { config } = scene.revisions.current(environment);
  const workflow = config.workflows[name];
  if (workflow?.grouping.by !== "tick") return;
  const next = nextTick(workflow.grouping, ledger.now);
  if (next !== undefined) ledger.wake({ kind: "tick", ref }, next);
  // After a change of the schedule an old moment may still be on the list: it is not one of this schedule.
  if (nextTick(workflow.grouping, at - 1_000) !== at) return;

  const key = iso(at).slice(0, 16).replace(":", "");
  for (const campaign of Object.values(config.campaigns).filter(
    (one) => one.kind === "prompt" && (one.workflows?.includes(name) ?? true),
  )) {
    if (!takesRuns(await ledger.campaign(environment, campaign))) continue;
    const home = { environment, campaign: campaign.name, workflow: name };
    if (await ledger.ask((loads) => loads.groupByKey(home, key))) continue;
    const group = {
      ...openGroup(scene.ids.group(), home, key, ledger.now),
      state: "closed",
      closedAt: ledger.now,
    } as const;
    ledger.groups.put(group);
    ledger.record({ kind: "group", ref: group.id, event: "ticked", detail: { at: iso(at) } }, CALOPS);
    makeTasks(ledger, scene, group, workflow, campaign.priority);
  }
}

/** Every scheduled workflow of an environment has its next moment on the list. */
export function scheduleTicks(ledger: Ledger, scene: Scene, environment: string): void {
  for (const workflow of Object.values(scene.revisions.current(environment).config.workflows)) {
    if (workflow.grouping.by !== "tick") continue;
    const next = nextTick(workflow.grouping, ledger.now);
    if (next !== undefined) ledger.wake({ kind: "tick", ref: `${environment} ${workflow.name}` }, next);
  }
}

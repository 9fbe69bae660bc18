/** A group may be complete: the next fill began, the amount is reached, its grace time is over. */
import { close } from "../../core/group/group.ts";
import { completion } from "../../core/group/grouping.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { horizonNow, wakeTasksOf } from "./intake.ts";

export async function completeGroup(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const group = await ledger.groups.get(Number(ref));
  if (group?.state !== "open") return;
  const workflow = scene.revisions.current(group.environment).config.workflows[group.workflow];
  if (!workflow) return;
  const state = completion(workflow.grouping, group, await horizonNow(ledger), ledger.now);
  if (state.complete) {
    const closed = ledger.groups.accept(close(group, state.why, ledger.now));
    if (closed.ok) await wakeTasksOf(ledger, group.id);
  } else if (state.at !== undefined) {
    ledger.wake({ kind: "group", ref }, state.at);
  }
}

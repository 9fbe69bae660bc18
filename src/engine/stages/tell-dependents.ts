/** A task ended, or began anew: those that need it look again, and those that were made from it may be stale. */
import { dependentsOf } from "../../core/config/config.ts";
import { lockedOn } from "../../core/config/locked-on.ts";
import { considerPublication } from "../constants/publication.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { wakeStagesOn } from "./stage-lock.ts";
import { markStaleByUpstream } from "./staleness.ts";

export async function tellDependents(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const task = await ledger.tasks.get(Number(ref));
  if (!task) return;
  await considerPublication(ledger, scene, task);
  const { config } = scene.revisions.current(task.environment);
  for (const dependent of dependentsOf(config, task.workflow, task.name)) {
    const need = { workflow: dependent.workflow.name, task: dependent.task };
    const ids =
      need.workflow === task.workflow
        ? (await ledger.tasks.ask((loads) => loads.tasksOfGroup(task.groupId)))
            .filter((sibling) => sibling.name === need.task)
            .map((sibling) => sibling.id)
        : await ledger.ask((loads) => loads.tasksTouching(task.groupId, need, task.environment));
    for (const waiting of await ledger.tasks.all(ids)) {
      if (waiting.used === null) ledger.wake({ kind: "task", ref: String(waiting.id) });
      else await markStaleByUpstream(ledger, scene, waiting, task);
    }
  }
  await wakeStagesOn(ledger, config, task);
  for (const held of lockedOn(config, { workflow: task.workflow, task: task.name })) {
    const ids = await ledger.ask((loads) => loads.tasksTouching(task.groupId, held, task.environment));
    for (const waiting of await ledger.tasks.all(ids))
      if (waiting.used === null) ledger.wake({ kind: "task", ref: String(waiting.id) });
  }
}

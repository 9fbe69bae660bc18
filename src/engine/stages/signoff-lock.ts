/** The lock `signoff`: results of a task that are not signed, for the runs of a group. */
import { notSigned } from "../../core/signoff/lock.ts";
import { runsInWords } from "../../core/task/locks.ts";
import { needName } from "../../core/workflow/workflow.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { coverage } from "../upstream.ts";
import type { Declared } from "./declared.ts";

export async function unsignedFor(ledger: Ledger, scene: Scene, { task, definition, revision }: Declared) {
  const unsigned: { why: string; owner: string }[] = [];
  for (const lock of definition.locks) {
    if (lock.kind !== "signoff") continue;
    const { need, role } = lock;
    const owner = role ?? revision.config.workflows[need.workflow]?.owner ?? need.workflow;
    const { tasks, uncovered } = await coverage(ledger, scene, task, need);
    for (const covering of tasks) {
      const signoff = await ledger.ask((loads) => loads.lastSignoffOf(covering.id));
      const missing = notSigned(covering, signoff, role);
      if (missing) unsigned.push({ why: missing.why, owner: missing.by ?? owner });
    }
    if (uncovered.length > 0)
      unsigned.push({ why: `${needName(need, task.workflow)} has no task for ${runsInWords(uncovered)}`, owner });
  }
  return unsigned;
}

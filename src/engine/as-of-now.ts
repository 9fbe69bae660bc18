/** What stands committed, and what this unit of work is about to change of it. */
import type { Ledger } from "./ledger.ts";
import type { Scene } from "./scene.ts";

/** Tasks of a workflow that are processing. */
export function processingNow(ledger: Ledger, scene: Scene, environment: string, workflow: string): number {
  const counts = (task: { state: string; environment: string; workflow: string } | undefined) =>
    task?.state === "processing" && task.environment === environment && task.workflow === workflow ? 1 : 0;
  const pending = ledger.movedTasks.reduce((sum, { before, after }) => sum + counts(after) - counts(before), 0);
  return scene.standing.processing(environment, workflow) + pending;
}

/** Bytes that the outputs of a workflow take. */
export function bytesNow(ledger: Ledger, scene: Scene, environment: string, workflow: string): number {
  const own = ledger.usages.filter((usage) => usage.environment === environment && usage.workflow === workflow);
  return scene.standing.bytes(environment, workflow) + own.reduce((sum, usage) => sum + usage.bytes, 0);
}

/** A mirror was archived: whatever of it has not ended is ended. */
import { skip } from "../../core/task/life.ts";
import type { Ledger } from "../ledger.ts";
import { abortJobs } from "./abort-jobs.ts";

const AT_ONCE = 200;
const NEXT_BITE_MS = 100;

export async function retireTasks(ledger: Ledger, environment: string): Promise<void> {
  const { archivedAt } = await ledger.environment(environment);
  // Its branch may have come back in between.
  if (archivedAt === null) return;
  const tasks = await ledger.tasks.ask((loads) => loads.unfinishedTasks(environment, AT_ONCE));
  for (const task of tasks)
    ledger.tasks.accept(skip(await abortJobs(ledger, task), `${environment} was archived`, ledger.now));
  if (tasks.length === AT_ONCE) ledger.wake({ kind: "retire", ref: environment }, ledger.now + NEXT_BITE_MS);
}

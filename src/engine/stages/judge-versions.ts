/** A workflow makes its results otherwise since a deployment: those that it has are stale, or are as they would be made again. */
import { shortCommit } from "../../core/environment/environment.ts";
import { goStale } from "../../core/task/life.ts";
import type { Task } from "../../core/task/task.ts";
import { versionOf } from "../../core/task/used.ts";
import type { Revision } from "../../ports/revisions.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { freshenIfAsMade } from "./staleness.ts";

/** Tasks to a time; where there are more, the errand comes again. */
const AT_ONCE = 200;
const NEXT_BITE_MS = 100;

/** @param ref environment, workflow, and the id of the task after which to go on */
export async function judgeVersions(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const [environment = "", workflow = "", after = "0"] = ref.split(" ");
  const revision = scene.revisions.current(environment);
  const tasks = await ledger.tasks.ask((loads) => loads.tasksAfter(environment, workflow, Number(after), AT_ONCE));
  for (const task of tasks) await judge(ledger, scene, task, revision);
  const last = tasks.at(-1);
  if (tasks.length === AT_ONCE && last)
    ledger.wake({ kind: "version", ref: `${environment} ${workflow} ${last.id}` }, ledger.now + NEXT_BITE_MS);
}

async function judge(ledger: Ledger, scene: Scene, task: Task, { commit, versions }: Revision): Promise<void> {
  if (task.used === null) return;
  const made = versionOf(task.used);
  const now = versions[`${task.workflow}/${task.name}`];
  if (made === undefined || now === undefined) return;
  if (made === now) await freshenIfAsMade(ledger, scene, task);
  else
    ledger.tasks.accept(
      goStale(task, `${task.workflow}/${task.name} works otherwise since ${shortCommit(commit)}`, ledger.now),
    );
}

/**
 * What whoever signs has before their eyes, as one digest. Its first part is the result itself, which never changes; the second is
 * what has become known of it since.
 */
import type { Digest } from "../job/key.ts";
import type { Metrics } from "../job/outputs.ts";
import type { Task } from "../task/task.ts";
import type { Judgement } from "../validation/judgement.ts";

type Looked = {
  readonly task: Pick<Task, "id" | "attempt" | "commit" | "stale">;
  readonly metrics: Metrics;
  readonly judgement: Pick<Judgement, "findings"> | undefined;
};

export function shownBy({ task, metrics, judgement }: Looked, digest: Digest): string {
  const { id, attempt, commit } = task;
  const sorted = Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  const result = digest(JSON.stringify([id, attempt, commit, sorted, judgement?.findings ?? []])).slice(0, 12);
  return shownNow(result, task.stale, digest);
}

/** @param shown as it was */
export function shownNow(shown: string, stale: Task["stale"], digest: Digest): string {
  const [result = ""] = shown.split(".");
  return stale ? `${result}.${digest(stale.why).slice(0, 8)}` : result;
}

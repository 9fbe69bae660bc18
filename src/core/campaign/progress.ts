/** How far a campaign is, by workflow, and what waits for whom. */
import type { Task, TaskState } from "../task/task.ts";

export type WorkflowProgress = {
  readonly workflow: string;
  /** A person or a role: whose its tasks are. */
  readonly expert: string;
  readonly tasks: Readonly<Record<string, number>>;
  readonly total: number;
  /** Done, skipped or merged. */
  readonly ended: number;
};

/** Tasks of one workflow that the same thing keeps back. */
export type Blocked = {
  readonly workflow: string;
  readonly task: string;
  readonly state: TaskState;
  readonly expert: string;
  /** Who can do something about it: an expert, the owner of a lock. */
  readonly waitsFor: string;
  readonly why: string;
  readonly tasks: number;
  /** It is other tasks that they wait for. */
  readonly behind: boolean;
  /** The oldest of them. */
  readonly example: number;
};

type Count = { readonly workflow: string; readonly state: string; readonly count: number };

const ENDED: readonly string[] = ["done", "skipped", "merged"];

/** @param experts by workflow, in the order in which they are shown */
export function progressOf(counts: readonly Count[], experts: Readonly<Record<string, string>>): WorkflowProgress[] {
  const names = [...new Set([...Object.keys(experts), ...counts.map(({ workflow }) => workflow)])];
  return names.map((workflow) => {
    const tasks: Record<string, number> = {};
    for (const { state, count } of counts.filter((one) => one.workflow === workflow))
      tasks[state] = (tasks[state] ?? 0) + count;
    const sum = (states: readonly string[]) => states.reduce((all, state) => all + (tasks[state] ?? 0), 0);
    return { workflow, expert: experts[workflow] ?? "", tasks, total: sum(Object.keys(tasks)), ended: sum(ENDED) };
  });
}

/**
 * What keeps tasks that have not ended, alike ones together: first what waits for somebody's word, the largest heap before the
 * others, and then what waits for other tasks.
 *
 * @param signers whose turn it is to sign, by task
 */
export function blockedOf(
  tasks: readonly Task[],
  experts: Readonly<Record<string, string>>,
  signers: ReadonlyMap<number, string> = new Map(),
): Blocked[] {
  const heaps = new Map<string, Blocked>();
  for (const task of tasks) {
    const one = blockOf(task, experts[task.workflow] ?? "", signers.get(task.id));
    if (!one) continue;
    const key = JSON.stringify([one.workflow, one.task, one.state, one.waitsFor, one.why]);
    const heap = heaps.get(key);
    heaps.set(key, heap ? { ...heap, tasks: heap.tasks + 1, example: Math.min(heap.example, task.id) } : one);
  }
  return [...heaps.values()].sort(
    (a, b) => Number(a.behind) - Number(b.behind) || b.tasks - a.tasks || a.example - b.example,
  );
}

function blockOf(task: Task, expert: string, signer: string | undefined): Blocked | undefined {
  const { workflow, name, state, id } = task;
  const block = (waitsFor: string, why: string, behind = false) => ({
    workflow,
    task: name,
    state,
    expert,
    waitsFor,
    why,
    tasks: 1,
    behind,
    example: id,
  });
  const [first] = task.waiting;
  if (state === "failed") return block(expert, task.reason ?? "it failed");
  if (state === "awaiting-signoff") return block(signer ?? expert, task.reason ?? "it waits to be signed");
  if (state !== "held" && state !== "ready") return undefined;
  return first === undefined ? undefined : block(first.owner, alike(first.detail), first.lock === "need");
}

/** Without what differs from task to task: its number, and how the other one stands. */
function alike(detail: string): string {
  return detail.replace(/ of \S+, which is (.*?)(?: \(task \d+\))?$/, ", which is $1").replace(/ \(task \d+\)$/, "");
}

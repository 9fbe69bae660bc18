/** What a campaign would cost, from what the same tasks cost before: an estimate, which says what it knows nothing of. */

export type TaskHistory = {
  /** Of how many tasks that were done. */
  readonly tasks: number;
  /** Jobs that were done, and what they took together. */
  readonly jobs: number;
  readonly cpuMs: number;
  /** From the start to the end of each job. */
  readonly runMs: number;
  /** From the start to the end of each task. */
  readonly taskMs: number;
};

export type TaskWish = {
  readonly workflow: string;
  readonly task: string;
  /** How many there would be. */
  readonly count: number;
  /** Jobs of each, where the configuration says it; otherwise as many as there were. */
  readonly jobs: number | undefined;
  readonly history: TaskHistory | undefined;
  readonly executor: string;
};

export type Estimate = {
  readonly tasks: number;
  readonly jobs: number;
  readonly coreHours: number;
  /** How long it takes at the least where all places are its own: null where nothing is known. */
  readonly wallMs: number | null;
  /** Tasks of which none was ever done: they are counted as tasks, and cost nothing here. */
  readonly unknown: readonly string[];
};

/** @param places jobs that an executor runs at once, by name; undefined where nobody limits them */
export function estimate(wishes: readonly TaskWish[], places: (executor: string) => number | undefined): Estimate {
  let jobs = 0;
  let cpuMs = 0;
  const busy = new Map<string, number>();
  const chains = new Map<string, number>();
  const unknown: string[] = [];
  for (const wish of wishes.filter(({ count }) => count > 0)) {
    const { workflow, task, count, history, executor } = wish;
    const known = history !== undefined && history.tasks > 0 && history.jobs > 0;
    const each = wish.jobs ?? (known ? history.jobs / history.tasks : 1);
    jobs += count * each;
    if (!known) {
      unknown.push(`${workflow}/${task}`);
      continue;
    }
    cpuMs += (count * each * history.cpuMs) / history.jobs;
    busy.set(executor, (busy.get(executor) ?? 0) + (count * each * history.runMs) / history.jobs);
    // Within one group its tasks follow each other.
    chains.set(workflow, (chains.get(workflow) ?? 0) + history.taskMs / history.tasks);
  }
  const full = [...busy].map(([executor, ms]) => ms / (places(executor) ?? Number.POSITIVE_INFINITY));
  const tasks = wishes.reduce((sum, { count }) => sum + count, 0);
  return {
    tasks,
    jobs: Math.round(jobs),
    coreHours: cpuMs / 3_600_000,
    wallMs: busy.size === 0 ? null : Math.round(Math.max(...full, ...chains.values())),
    unknown,
  };
}

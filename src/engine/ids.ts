/** Numbers for new things, each one higher than the last that the store has. A number that was not written leaves a gap, which is no harm. */
export type Ids = {
  readonly group: () => number;
  readonly task: () => number;
  readonly job: () => number;
  readonly alert: () => number;
  readonly deployment: () => number;
  readonly silence: () => number;
  readonly signoff: () => number;
};

export function idsAfter(highest: {
  groups: number;
  tasks: number;
  jobs: number;
  alerts: number;
  deployments: number;
  silences: number;
  signoffs: number;
}): Ids {
  let { groups, tasks, jobs, alerts, deployments, silences, signoffs } = highest;
  return {
    group: () => ++groups,
    task: () => ++tasks,
    job: () => ++jobs,
    alert: () => ++alerts,
    deployment: () => ++deployments,
    silence: () => ++silences,
    signoff: () => ++signoffs,
  };
}

/** What of a campaign has not ended, as far as its tasks tell. */
import type { TaskState } from "../task/task.ts";

type Count = { readonly campaign: string; readonly state: string; readonly count: number };

/** In the order in which people would look at them. */
const OPEN = ["failed", "awaiting-signoff", "processing", "ready", "held", "new"] as const;

const WORDS: Readonly<Record<(typeof OPEN)[number], string>> = {
  failed: "failed",
  "awaiting-signoff": "waiting for a sign-off",
  processing: "under way",
  ready: "ready to begin",
  held: "held back by locks",
  new: "new",
};

/** `12 tasks under way`, for each state in which there are some. */
export function tasksLeft(counts: readonly Count[], campaign: string): string[] {
  return OPEN.flatMap((state) => {
    const count = countIn(counts, campaign, [state]);
    return count === 0 ? [] : [`${count} task${count === 1 ? "" : "s"} ${WORDS[state]}`];
  });
}

export function countIn(counts: readonly Count[], campaign: string, states: readonly (TaskState | string)[]): number {
  return counts
    .filter((one) => one.campaign === campaign && states.includes(one.state))
    .reduce((sum, { count }) => sum + count, 0);
}

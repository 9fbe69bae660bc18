/** Which groups have a message of their own, and where it is. */
import { matches } from "../environment/matching.ts";
import type { Task } from "../task/task.ts";

export type CardRules = {
  readonly channel: string;
  /** Patterns of names. */
  readonly workflows: readonly string[];
  readonly campaigns: readonly string[];
};

/** The groups of one key, whatever their workflows: what happens to one run stands in one message. */
export type CardOf = Pick<Task, "environment" | "campaign" | "groupKey">;

export function standsOnCard({ workflows, campaigns }: CardRules, { workflow, campaign }: Task): boolean {
  return (
    workflows.some((pattern) => matches(pattern, workflow)) && campaigns.some((pattern) => matches(pattern, campaign))
  );
}

/** Names of environments and campaigns have no spaces; a key may. */
export function cardName({ environment, campaign, groupKey }: CardOf): string {
  return `${environment} ${campaign} ${groupKey}`;
}

export function cardNamed(name: string): CardOf {
  const [, environment = "", campaign = "", groupKey = ""] = /^(\S+) (\S+) (.*)$/s.exec(name) ?? [];
  return { environment, campaign, groupKey };
}

/** What keeps a task that is ready from beginning at once: a pause, a full workflow, a quota. */
import { campaignBlocks } from "../campaign/blocks.ts";
import type { CampaignStanding } from "../campaign/campaign.ts";
import { ITSELF } from "../history.ts";
import { plural } from "../say.ts";
import type { Instant } from "../time.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { WorkflowState } from "../workflow/workflow-state.ts";
import { withSince } from "./locks.ts";
import type { Task, Waiting } from "./task.ts";

export type LimitFacts = {
  readonly state: WorkflowState;
  /** Tasks of the workflow that are processing. */
  readonly processing: number;
  /** Bytes that its outputs take. */
  readonly bytes: number;
  /** How far its campaign is; undefined for one that is not declared any more. */
  readonly campaign?: CampaignStanding | undefined;
};

export function evaluateLimits(task: Task, workflow: Workflow, facts: LimitFacts, now: Instant): Waiting[] {
  const { paused } = facts.state;
  const most = workflow.limits.tasks;
  return [
    ...(facts.campaign ? campaignBlocks(facts.campaign) : []),
    ...(paused
      ? [
          {
            lock: "pause" as const,
            detail: `workflow ${workflow.name} is paused by ${paused.by}: ${paused.why}`,
            owner: paused.by,
            since: paused.since,
          },
        ]
      : []),
    ...(most !== undefined && facts.processing >= most
      ? [
          {
            lock: "limit" as const,
            detail: `${plural(most, "task")} of ${workflow.name} at once ${most === 1 ? "is" : "are"} under way`,
            owner: ITSELF,
          },
        ]
      : []),
    ...(workflow.quota !== undefined && facts.bytes >= workflow.quota
      ? [
          {
            lock: "quota" as const,
            detail: `outputs of ${workflow.name} fill its quota: ${sizeInWords(facts.bytes)} of ${sizeInWords(workflow.quota)}`,
            owner: workflow.owner,
          },
        ]
      : []),
  ].map((one) => withSince(one, task.waiting, now));
}

/** `1.5 GB` */
export function sizeInWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1_000 ** step;
  return `${value >= 100 || step === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[step]}`;
}

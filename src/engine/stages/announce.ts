/** Short messages about what calops did by itself. */
import { heldJobMessage, pauseMessage } from "../../core/alert/words.ts";
import type { Job } from "../../core/job/job.ts";
import type { Task } from "../../core/task/task.ts";
import type { Workflow } from "../../core/workflow/workflow.ts";
import type { Ledger } from "../ledger.ts";

export function announcePause(ledger: Ledger, workflow: Workflow, environment: string, why: string): void {
  ledger.post(
    `paused ${environment} ${workflow.name} ${ledger.now}`,
    workflow.channel,
    pauseMessage(workflow.name, environment, why),
  );
}

export function announceHeldJob(ledger: Ledger, workflow: Workflow, task: Task, job: Job, why: string): void {
  ledger.post(`held ${job.id} ${job.attempts}`, workflow.channel, heldJobMessage(task, why));
}

/** What people can do, each as one piece of work of the engine. */

import { PRODUCTION } from "../../core/environment/environment.ts";
import type { Instant } from "../../core/time.ts";
import type { Condition, Operations } from "../../ports/operations.ts";
import type { Queries } from "../../ports/queries.ts";
import { publishAgain } from "../constants/publication.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";
import { askRelease, heldGroupsOf } from "./releases.ts";
import { consequencesOf, reprocessTasks } from "./reprocess.ts";
import { closeGroup, holdRun, inject, pauseWorkflow, releaseRun, resumeWorkflow } from "./runs.ts";
import { approve, reject, revokeSignoff } from "./signoffs.ts";
import { holdTask, releaseTask, retryTask, skipTask } from "./tasks.ts";

export type OperationParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly since: Instant;
  readonly version: string;
  readonly url: () => string | null;
  readonly chats: () => Condition["chats"];
};

export function operationsOf(parts: OperationParts): Operations {
  const { engine, queries } = parts;
  const scene = () => engine.scene;
  return {
    holdTask: (task, why, by) => engine.do("hold", (ledger) => holdTask(ledger, task, why, by)),
    releaseTask: (task, by) => engine.do("release", (ledger) => releaseTask(ledger, task, by)),
    holdRun: (run, why, by) => engine.do("hold run", (ledger) => holdRun(ledger, run, why, by)),
    releaseRun: (run, by) => engine.do("release run", (ledger) => releaseRun(ledger, run, by)),
    publishAgain: (task, by) => engine.do("publish again", (ledger) => publishAgain(ledger, task, by)),
    retry: (task, by) => engine.do("retry", (ledger) => retryTask(ledger, scene(), task, by)),
    skip: (task, why, by) => engine.do("skip", (ledger) => skipTask(ledger, task, why, by)),
    reprocess: (tasks, why, by) => engine.do("reprocess", (ledger) => reprocessTasks(ledger, scene(), tasks, why, by)),
    consequences: (tasks) => consequencesOf(queries, scene(), tasks),
    releaseHolds: (of) => engine.do("release holds", (ledger) => heldGroupsOf(ledger, scene(), of)),
    askRelease: (of, wish, by) => engine.do("release hold", (ledger) => askRelease(ledger, scene(), of, wish, by)),
    approve: (of, by) => engine.do("approve", (ledger) => approve(ledger, scene(), of, by)),
    reject: (of, by) => engine.do("reject", (ledger) => reject(ledger, scene(), of, by)),
    revoke: (of, by) => engine.do("revoke", (ledger) => revokeSignoff(ledger, scene(), of, by)),
    pause: (environment, workflow, why, by) =>
      engine.do("pause", (ledger) => pauseWorkflow(ledger, scene(), environment, workflow, why, by)),
    resume: (environment, workflow, by) =>
      engine.do("resume", (ledger) => resumeWorkflow(ledger, scene(), environment, workflow, by)),
    closeGroup: (group, why, by) => engine.do("close", (ledger) => closeGroup(ledger, group, why, by)),
    inject: (environment, campaign, runs, by) =>
      engine.do("inject", (ledger) => inject(ledger, scene(), environment, campaign, runs, by)),
    remember: (command) =>
      engine.do("command", async (ledger: Ledger) => {
        const { line, by, via, place, outcome } = command;
        ledger.record(
          { kind: "command", ref: by, event: outcome, detail: { line, via, ...(place !== via && { place }) } },
          { by },
        );
      }),
    condition: (): Condition => ({
      since: parts.since,
      version: parts.version,
      commit: scene().revisions.current(PRODUCTION).commit || null,
      url: parts.url(),
      stalled: engine.stall.why ?? null,
      chats: parts.chats(),
      executors: engine.executors.all.map((executor) => ({
        name: executor.name,
        live: scene().standing.lanes.liveOn(executor.name),
        limit: engine.executors.limitOf(executor),
        answers: engine.executors.answers(executor.name),
      })),
    }),
  };
}

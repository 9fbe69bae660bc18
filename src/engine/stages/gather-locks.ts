/** The facts that a task's locks are judged by. */

import { labelOf } from "../../core/campaign/label.ts";
import { readTag } from "../../core/campaign/tags.ts";
import { completion } from "../../core/group/grouping.ts";
import { groupValues } from "../../core/job/places.ts";
import type { AskFact, LockFacts, NeedFact } from "../../core/task/locks.ts";
import { fill, fillArguments } from "../../core/template.ts";
import type { LockDefinition } from "../../core/workflow/workflow.ts";
import { wantsOf } from "../constants/wants.ts";
import type { Ledger } from "../ledger.ts";
import { newestEnd } from "../newest-end.ts";
import type { Scene } from "../scene.ts";
import { coveredNeeds } from "../upstream.ts";
import { askOutside } from "./ask.ts";
import type { Declared } from "./declared.ts";
import { horizonNow } from "./intake.ts";
import { lookAtRelease } from "./release-hold.ts";
import { unsignedFor } from "./signoff-lock.ts";
import { stagesFor } from "./stage-lock.ts";

export async function gatherLocks(ledger: Ledger, scene: Scene, declared: Declared): Promise<LockFacts> {
  const { task, workflow, definition } = declared;
  const needs = await coveredNeeds(ledger, scene, task, definition);
  const troubled = await ledger.ask((loads) => loads.troubledRuns(task.groupId));
  const asking = definition.locks.filter((lock) => lock.kind === "ask");
  const asks: AskFact[] = [];
  for (const lock of asking) asks.push(await answerTo(ledger, scene, declared, lock));
  return {
    groupMissing: await missingOfGroup(ledger, declared),
    owner: workflow.owner,
    needs: needs.map(
      ({ need, tasks, uncovered }): NeedFact => ({
        need,
        owner: scene.revisions.current(task.environment).config.workflows[need.workflow]?.owner ?? need.workflow,
        covering: tasks,
        uncovered,
      }),
    ),
    newestEnd: definition.locks.some((lock) => lock.kind === "delay")
      ? await newestEnd(ledger, task.groupId)
      : undefined,
    release: await lookAtRelease(ledger, scene, declared),
    unsigned: await unsignedFor(ledger, scene, declared),
    stages: await stagesFor(ledger, scene, declared),
    asks,
    wants: await wantsOf(ledger, declared),
    runs: troubled.map((run) => ({
      number: run.number,
      hold: run.hold?.why ?? null,
      holder: run.hold?.by ?? "",
      conflict: run.conflict?.why ?? null,
      since: run.hold?.since ?? run.conflict?.since ?? ledger.now,
    })),
  };
}

async function missingOfGroup(ledger: Ledger, { task, workflow }: Declared): Promise<string | null> {
  const group = await ledger.groups.get(task.groupId);
  if (group?.state !== "open") return null;
  const state = completion(workflow.grouping, group, await horizonNow(ledger), ledger.now);
  return state.complete ? "being closed" : state.missing;
}

async function answerTo(
  ledger: Ledger,
  scene: Scene,
  { task, revision, workflow, definition }: Declared,
  lock: Extract<LockDefinition, { kind: "ask" }>,
): Promise<AskFact> {
  const { config, checkout } = revision;
  const runs = await ledger.runs.all(await ledger.ask((loads) => loads.runsOfGroup(task.groupId)));
  const campaign = config.campaigns[task.campaign];
  const values = {
    ...groupValues(workflow.grouping, task.groupKey, runs, workflow.parameters),
    experiment: config.experiment,
    environment: task.environment,
    campaign: task.campaign,
    workflow: workflow.name,
    task: definition.name,
    release: campaign?.release ?? "",
    tag: campaign ? readTag(campaign) : "",
    label: campaign ? labelOf(campaign) : "",
    "campaign-attempt": String(campaign?.attempt ?? ""),
  };
  const here = `${checkout}/workflows/${workflow.name}`;
  return await askOutside(ledger, scene, task.id, {
    what: lock.what,
    url: lock.url === undefined ? null : fill(lock.url, values),
    run: lock.run
      ? fillArguments(lock.run, values).map((word) => (word.startsWith("./") ? `${here}/${word.slice(2)}` : word))
      : null,
    isolated: revision.mirror?.isolated ?? false,
    open: lock.open.text,
    everyMs: lock.everyMs,
  });
}

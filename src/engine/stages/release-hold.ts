/** Holds for release: what one is judged by, and what is told of it. The decisions are in `core/release`. */
import type { Config } from "../../core/config/config.ts";
import { toBeSigned } from "../../core/config/locked-on.ts";
import type { Became } from "../../core/decision.ts";
import { groupInWords } from "../../core/group/card.ts";
import type { HeldGroup } from "../../core/release/held.ts";
import { look, nextLook } from "../../core/release/life.ts";
import { freshRelease, type Release, type ReleaseFacts, type Unsigned } from "../../core/release/release.ts";
import type { ReleaseRule } from "../../core/release/rule.ts";
import { heldInWords, releaseMessage, whoseTurn } from "../../core/release/words.ts";
import { stepsInWords } from "../../core/signoff/rule.ts";
import type { ReleaseFact } from "../../core/task/locks.ts";
import { satisfies, type Task, taskInWords } from "../../core/task/task.ts";
import { type Need, needName, taskOf, type Workflow } from "../../core/workflow/workflow.ts";
import type { Doer } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import { newestEnd } from "../newest-end.ts";
import type { Scene } from "../scene.ts";
import { coverage } from "../upstream.ts";
import type { Declared } from "./declared.ts";
import { wakeTasksOf } from "./intake.ts";

/** The hold that a task waits for, after what has come due of it was done; undefined where it waits for none. */
export async function lookAtRelease(
  ledger: Ledger,
  scene: Scene,
  { task, workflow, definition }: Declared,
): Promise<ReleaseFact | undefined> {
  const rule = definition.locks.find((lock) => lock.kind === "released");
  const held = rule && (await heldGroup(ledger, scene, task, workflow, rule));
  if (!held) return undefined;
  const { facts, release: before } = held;
  const looked = look(before, rule, facts, ledger.now);
  const release = looked.ok ? looked.next : before;
  if (looked.ok) await putRelease(ledger, held, looked);
  return {
    closed: heldInWords(release, rule, facts),
    owner: whoseTurn(rule, facts, workflow.owner),
    nextLook: nextLook(release, rule, facts),
  };
}

/** @param task any of the group */
export async function heldGroup(
  ledger: Ledger,
  scene: Scene,
  task: Task,
  workflow: Workflow,
  rule: ReleaseRule,
): Promise<HeldGroup | undefined> {
  const group = await ledger.groups.get(task.groupId);
  if (!group) return undefined;
  const [known] = await ledger.ask((loads) => loads.releases([group.id]));
  const release = known ?? freshRelease(group.id);
  // What is released stays so: nothing is looked up for it.
  const signatures = release.state === "released" ? [] : await signaturesFor(ledger, scene, task, rule);
  const facts: ReleaseFacts = {
    complete: group.state !== "open",
    newestEnd: await newestEnd(ledger, group.id),
    since: group.openedAt,
    toSign: signatures.length,
    unsigned: signatures.flatMap((one) => one.unsigned ?? []),
  };
  return { group, workflow, rule, release, facts };
}

/** Keeps what was decided of a hold, and tells it where it was told before, or is news to people. */
export async function putRelease(
  ledger: Ledger,
  { group, workflow, rule, facts }: HeldGroup,
  decision: Became<Release>,
  doer?: Doer,
): Promise<void> {
  const { next } = decision;
  ledger.put("releases", next);
  ledger.happened("group", group.id, decision, doer);
  const of = {
    group: groupInWords({ ...group, groupKey: group.key }, workflow.grouping.by),
    workflow: workflow.name,
    run: group.lastRun ?? 0,
  };
  const blocks = releaseMessage(of, next, rule, facts, ledger.now);
  const key = `release ${group.id}`;
  const over = next.state === "released";
  const told = await ledger.edit(key, blocks, { over, atOnce: true });
  // That one is over which nobody was told of is no news, unless a person ended it.
  if (!told && (!over || doer)) ledger.post(key, workflow.channel, blocks, { over });
  await wakeTasksOf(ledger, group.id);
}

type Signature = { readonly unsigned?: Unsigned };

async function signaturesFor(ledger: Ledger, scene: Scene, task: Task, rule: ReleaseRule): Promise<Signature[]> {
  const { config } = scene.revisions.current(task.environment);
  const signatures: Signature[] = [];
  for (const need of toBeSigned(config, rule, task.campaign)) {
    const { tasks, uncovered } = await coverage(ledger, scene, task, need);
    const by = signersOf(config, need);
    signatures.push(
      ...tasks.map((one) =>
        satisfies(one.state)
          ? {}
          : { unsigned: { what: `${taskInWords(one)} (task ${one.id})`, standing: standingOf(one), by } },
      ),
      // A workflow that does not take a run has nothing to sign of it, unless somebody names it.
      ...(rule.early === "all" ? [] : uncovered).map((run) => ({
        unsigned: { what: `${needName(need)} of run ${run}`, standing: "which has no such task", by },
      })),
    );
  }
  return signatures;
}

/** Whoever is to sign it; the owner of its workflow where nobody is declared. */
function signersOf({ workflows }: Config, { workflow, task }: Need): string {
  const signoff = taskOf(workflows[workflow], task)?.signoff;
  return signoff ? stepsInWords(signoff.steps) : (workflows[workflow]?.owner ?? workflow);
}

function standingOf({ state }: Task): string {
  return state === "awaiting-signoff" ? "waits to be signed" : state;
}

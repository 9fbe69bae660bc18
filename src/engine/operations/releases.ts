/** What people do to holds for release: look, put off, end. */
import type { HeldGroup } from "../../core/release/held.ts";
import { askFor } from "../../core/release/life.ts";
import { releaseRuleOf } from "../../core/workflow/workflow.ts";
import type { Person } from "../../ports/environments.ts";
import type { AskedRelease, HoldsOf, Operations } from "../../ports/operations.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { heldGroup, putRelease } from "../stages/release-hold.ts";

type Wanted = Parameters<Operations["askRelease"]>[1];

export async function heldGroupsOf(
  ledger: Ledger,
  scene: Scene,
  { environment, run, workflow: only }: HoldsOf,
): Promise<HeldGroup[]> {
  const { config } = scene.revisions.current(environment);
  const held: HeldGroup[] = [];
  for (const group of await ledger.ask((loads) => loads.groupsOfRun(run))) {
    if (group.environment !== environment || (only ?? group.workflow) !== group.workflow) continue;
    const workflow = config.workflows[group.workflow];
    const rule = releaseRuleOf(workflow);
    const [task] = await ledger.tasks.ask((loads) => loads.tasksOfGroup(group.id));
    const one = workflow && rule && task && (await heldGroup(ledger, scene, task, workflow, rule));
    if (one) held.push(one);
  }
  return held;
}

export async function askRelease(
  ledger: Ledger,
  scene: Scene,
  of: HoldsOf,
  { byMs, why }: Wanted,
  by: Person,
): Promise<Awaited<ReturnType<Operations["askRelease"]>>> {
  if (!(await ledger.runs.get(of.run))) return { ok: false, reason: "unknown-run" };
  const held = await heldGroupsOf(ledger, scene, of);
  if (held.length === 0) return { ok: false, reason: "no-hold" };
  const asked: AskedRelease[] = [];
  for (const one of held) {
    const { release, rule, facts } = one;
    const mayDecide = by.owner || by.id === rule.extend.role || by.roles.includes(rule.extend.role);
    const decided = askFor(release, rule, facts, { byMs, why, by: by.id, mayDecide }, ledger.now);
    if (!decided.ok) {
      asked.push({ ...one, outcome: decided.reason, detail: decided.detail });
      continue;
    }
    await putRelease(ledger, one, decided, { by: by.id, why });
    const isDone = decided.happening.event !== "release-asked";
    asked.push({ ...one, release: decided.next, outcome: !isDone ? "asked" : byMs === null ? "forced" : "extended" });
  }
  return { ok: true, asked };
}

/** What people do to runs, groups, workflows and campaigns. */
import { campaignRef } from "../../core/campaign/life.ts";
import { close } from "../../core/group/group.ts";
import { pause, resume } from "../../core/workflow/workflow-state.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { wakeTasksOf } from "../stages/intake.ts";

export async function holdRun(ledger: Ledger, number: number, why: string, by: string) {
  const run = await ledger.runs.get(number);
  if (!run) return { ok: false, reason: "unknown-run" } as const;
  if (run.hold) return { ok: false, reason: "already-held", detail: run.hold.by } as const;
  ledger.runs.put({ ...run, hold: { by, why, since: ledger.now } });
  ledger.record({ kind: "run", ref: number, event: "hold" }, { by, why });
  await wakeTasksOfRun(ledger, number);
  return { ok: true } as const;
}

export async function releaseRun(ledger: Ledger, number: number, by: string) {
  const run = await ledger.runs.get(number);
  if (!run) return { ok: false, reason: "unknown-run" } as const;
  if (!run.hold && !run.conflict) return { ok: false, reason: "not-held" } as const;
  ledger.runs.put({ ...run, hold: null, conflict: null });
  ledger.record(
    { kind: "run", ref: number, event: "release", detail: { conflict: run.conflict?.why ?? null } },
    { by },
  );
  ledger.wake({ kind: "run", ref: String(number) });
  await wakeTasksOfRun(ledger, number);
  return { ok: true, conflict: run.conflict?.why ?? null } as const;
}

async function wakeTasksOfRun(ledger: Ledger, number: number): Promise<void> {
  for (const group of await ledger.ask((loads) => loads.groupsOfRun(number))) await wakeTasksOf(ledger, group.id);
}

export async function pauseWorkflow(
  ledger: Ledger,
  scene: Scene,
  environment: string,
  workflow: string,
  why: string,
  by: string,
) {
  if (!Object.hasOwn(scene.revisions.current(environment).config.workflows, workflow))
    return { ok: false, reason: "unknown-workflow" } as const;
  const paused = ledger.workflowStates.accept(
    pause(await ledger.workflowState(environment, workflow), by, why, ledger.now),
    {
      by,
      why,
    },
  );
  if (!paused.ok) return paused;
  ledger.wake({ kind: "admit", ref: `${environment} ${workflow}` });
  return { ok: true } as const;
}

export async function resumeWorkflow(ledger: Ledger, scene: Scene, environment: string, workflow: string, by: string) {
  if (!Object.hasOwn(scene.revisions.current(environment).config.workflows, workflow))
    return { ok: false, reason: "unknown-workflow" } as const;
  const resumed = ledger.workflowStates.accept(resume(await ledger.workflowState(environment, workflow)), { by });
  if (!resumed.ok) return resumed;
  ledger.wake({ kind: "admit", ref: `${environment} ${workflow}` });
  return { ok: true } as const;
}

export async function closeGroup(ledger: Ledger, id: number, why: string, by: string) {
  const group = await ledger.groups.get(id);
  if (!group) return { ok: false, reason: "unknown-group" } as const;
  const closed = ledger.groups.accept(close(group, `closed by hand by ${by}: ${why}`, ledger.now), { by, why });
  if (!closed.ok) return closed;
  await wakeTasksOf(ledger, id);
  return { ok: true, key: group.key, runs: group.count } as const;
}

export async function inject(
  ledger: Ledger,
  scene: Scene,
  environment: string,
  campaign: string,
  numbers: readonly number[],
  by: string,
) {
  if (!Object.hasOwn(scene.revisions.current(environment).config.campaigns, campaign))
    return { ok: false, reason: "unknown-campaign" } as const;
  const runs = await ledger.runs.all(numbers);
  const before = new Set(await ledger.ask((loads) => loads.injectedRuns(environment, campaign)));
  const fresh = runs.filter((run) => !before.has(run.number)).sort((a, b) => a.number - b.number);
  for (const run of fresh) {
    ledger.put("injections", { environment, campaign, run: run.number, by, at: ledger.now });
    ledger.wake({ kind: "run", ref: String(run.number) });
  }
  if (fresh.length > 0)
    ledger.record(
      {
        kind: "campaign",
        ref: campaignRef({ environment, name: campaign }),
        event: "injected",
        detail: { runs: fresh.length, first: fresh[0]?.number, last: fresh.at(-1)?.number },
      },
      { by },
    );
  const known = new Set(runs.map((run) => run.number));
  return {
    ok: true,
    injected: fresh.length,
    already: runs.length - fresh.length,
    unknown: numbers.filter((number) => !known.has(number)),
  } as const;
}

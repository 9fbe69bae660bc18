/** Records of a run source become runs, changes of runs, or entries of the quarantine: all of one reading, with its cursor, or none. */
import type { Config, SourceConfig } from "../../core/config/config.ts";
import { revalue } from "../../core/group/group.ts";
import { type Horizon, luminosityOf, widen } from "../../core/group/grouping.ts";
import { type AttributeChanges, type Intake, type Reading, readRecord, takeIn } from "../../core/run/record.ts";
import type { Run } from "../../core/run/run.ts";
import type { Quarantined, SourceState } from "../../ports/things.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { markStaleByRun } from "./staleness.ts";

/** What one reading of a source brought. */
export type Batch = {
  readonly source: string;
  readonly records: readonly unknown[];
  /** Where the next reading goes on. */
  readonly cursor: string | null;
};

export async function takeBatch(ledger: Ledger, scene: Scene, batch: Batch, config: Config): Promise<void> {
  const source = config.sources[batch.source];
  const readings = batch.records.map((record) => readRecord(record, source?.fields, config.attributes));
  await ledger.runs.fetch(readings.flatMap((reading) => reading.number ?? []));
  const before = await horizonNow(ledger);
  let horizon = before;

  for (const [index, reading] of readings.entries()) {
    const known = reading.number === undefined ? undefined : await ledger.runs.get(reading.number);
    const intake = takeIn(known, reading, batch.source, config.runRules, ledger.now);
    if (intake.kind === "new" || intake.kind === "changed") horizon = widen(horizon, intake.run);
    await settle(ledger, scene, known, intake, { batch, record: batch.records[index], reading });
  }

  if (JSON.stringify(horizon) !== JSON.stringify(before)) await moveHorizon(ledger, scene, horizon);
  await rememberReading(ledger, batch, source);
}

export async function horizonNow(ledger: Ledger): Promise<Horizon> {
  const text = await ledger.ask((loads) => loads.fact("horizon"));
  return text === undefined ? {} : (JSON.parse(text) as Horizon);
}

/** Something newer than everything before was taken: groups that wait for that may be complete. */
async function moveHorizon(ledger: Ledger, scene: Scene, horizon: Horizon): Promise<void> {
  ledger.put("facts", { name: "horizon", value: JSON.stringify(horizon) });
  for (const environment of scene.revisions.environments) {
    for (const group of await ledger.ask((loads) => loads.openGroups(environment)))
      ledger.wake({ kind: "group", ref: String(group.id) });
  }
}

type Origin = { readonly batch: Batch; readonly record: unknown; readonly reading: Reading };

async function settle(
  ledger: Ledger,
  scene: Scene,
  known: Run | undefined,
  intake: Intake,
  origin: Origin,
): Promise<void> {
  switch (intake.kind) {
    case "unchanged":
      return;
    case "new":
      ledger.runs.put(intake.run);
      ledger.record(
        { kind: "run", ref: intake.run.number, event: "taken", detail: { source: origin.batch.source } },
        CALOPS,
      );
      ledger.wake({ kind: "run", ref: String(intake.run.number) });
      return;
    case "changed":
      ledger.runs.put(intake.run);
      ledger.record({ kind: "run", ref: intake.run.number, event: "changed", detail: { ...intake.changes } }, CALOPS);
      ledger.wake({ kind: "run", ref: String(intake.run.number) });
      if (known) await revalueOpenGroups(ledger, known, intake.run, intake.changes);
      await markStaleByRun(ledger, scene, intake.run, intake.changes);
      return;
    case "quarantined":
      await quarantine(ledger, scene, intake, origin);
  }
}

/** Groups that are still open and count luminosity are told of a better value. */
async function revalueOpenGroups(ledger: Ledger, before: Run, after: Run, changes: AttributeChanges): Promise<void> {
  if (!("luminosity" in changes)) return;
  const difference = luminosityOf(after.attributes) - luminosityOf(before.attributes);
  for (const group of await ledger.groups.ask((loads) => loads.groupsOfRun(after.number))) {
    if (group.state === "merged") continue;
    ledger.groups.put(revalue(group, difference, ledger.now));
    if (group.state === "open") ledger.wake({ kind: "group", ref: String(group.id) });
  }
}

async function quarantine(
  ledger: Ledger,
  scene: Scene,
  intake: Extract<Intake, { kind: "quarantined" }>,
  origin: Origin,
): Promise<void> {
  const record = JSON.stringify(origin.record) ?? "null";
  const id = scene.digest(`${origin.batch.source} ${record}`).slice(0, 16);
  const [before] = await ledger.ask((loads) => loads.quarantined([id]));
  const entry: Quarantined = {
    id,
    source: origin.batch.source,
    run: intake.number ?? null,
    record: record.slice(0, 10_000),
    reasons: intake.reasons,
    firstSeenAt: before?.firstSeenAt ?? ledger.now,
    lastSeenAt: ledger.now,
    times: (before?.times ?? 0) + 1,
  };
  ledger.put("quarantine", entry);
  if (!before) {
    ledger.record(
      {
        kind: "run",
        ref: intake.number ?? "unknown",
        event: "quarantined",
        detail: { source: origin.batch.source, entry: id },
      },
      { ...CALOPS, why: intake.reasons.join("; ") },
    );
  }
  if (!intake.run || before) return;
  ledger.runs.put(intake.run);
  for (const group of await ledger.ask((loads) => loads.groupsOfRun(intake.run?.number ?? 0)))
    await wakeTasksOf(ledger, group.id);
}

/** The tasks of a group look at their locks again. */
export async function wakeTasksOf(ledger: Ledger, groupId: number): Promise<void> {
  for (const task of await ledger.ask((loads) => loads.tasksOfGroup(groupId)))
    ledger.wake({ kind: "task", ref: String(task.id) });
}

async function rememberReading(ledger: Ledger, batch: Batch, source: SourceConfig | undefined): Promise<void> {
  if (!source) return;
  const before = await ledger.ask((loads) => loads.source(batch.source));
  const state: SourceState = {
    name: batch.source,
    cursor: batch.cursor,
    readAt: ledger.now,
    records: (before?.records ?? 0) + batch.records.length,
    failures: before?.failures ?? 0,
    failure: before?.failure ?? null,
  };
  ledger.put("sources", state);
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ask, calops, ROOT, startBot, temporary } from "./calops.ts";

type Row = { id: number; workflow: string; task: string; group: string; state: string };
type Iov = { type: string; from: { major: number }; until: { major: number } | null; payload: string };

const PATIENCE = { timeout: 300_000, interval: 1_000 };

test("the Mx2 production: constants are approved, merged into the production tag, and used; every output has its whole record", async () => {
  const { directory, remove } = temporary();
  await startBot(["--config", join(ROOT, "test/fixtures/mx2"), "--data", directory]);
  const tasks = (...of: string[]) => ask<Row[]>(directory, "tasks", "--limit", "1000", ...of);
  const inState = async (state: string, ...of: string[]) => (await tasks(...of)).filter((row) => row.state === state);
  const signAll = async (of: readonly Row[]) => {
    for (const { id } of of) await ask(directory, "approve", String(id), "shown at the group meeting");
  };
  const migrate = async () => {
    const merged = await calops(["--data", directory, "gt", "merge", "development", "production"]);
    expect(merged, merged.stderr).toMatchObject({ code: 0 });
  };
  const holding = async (type: string) =>
    (await ask<{ iovs: Iov[] }>(directory, "gt", "show", "production", "--type", type)).iovs;

  // 1. Pre-production: 432, 7 and 16 good tables of pedestals; of gains none, 8 and 14.
  await vi.waitFor(async () => expect(await inState("awaiting-signoff")).toHaveLength(6), PATIENCE);
  const good = async (workflow: string) => {
    const rows = (await tasks("--workflow", workflow)).sort((a, b) => (a.group < b.group ? -1 : 1));
    const found = await Promise.all(
      rows.map(({ id }) => ask<{ metrics: { good_tables: number } }>(directory, "task", String(id))),
    );
    return found.map(({ metrics }) => metrics.good_tables);
  };
  expect(await good("pedestals")).toEqual([432, 7, 16]);
  expect(await good("gains")).toEqual([0, 8, 14]);
  // Nothing is reconstructed before the group has approved.
  expect(await inState("done", "--workflow", "rock-muons")).toEqual([]);
  await signAll(await inState("awaiting-signoff"));
  await vi.waitFor(async () => expect(await heldNow(directory)).toBe(2), PATIENCE);
  await migrate();
  expect((await holding("minerva2x2_pedestal_constants")).map(stretch)).toEqual(["1698-1796", "1796-50001", "50001-"]);
  expect((await holding("minerva2x2_pmtgain_constants")).map(stretch)).toEqual(["1796-50001", "50001-"]);

  // 2. Calibration, one analysis after the other, each approved.
  for (const task of ["timing", "strip-to-strip", "energy-scale"]) {
    await vi.waitFor(
      async () => expect(await inState("awaiting-signoff", "--workflow", "calibration")).toHaveLength(3),
      PATIENCE,
    );
    const waiting = await inState("awaiting-signoff", "--workflow", "calibration");
    expect(waiting.map((row) => row.task)).toEqual([task, task, task]);
    await signAll(waiting);
  }
  expect(await inState("done", "--workflow", "production")).toEqual([]);
  await vi.waitFor(async () => expect(await heldNow(directory)).toBe(5), PATIENCE);
  await migrate();

  // 3. Production in three stages.
  await vi.waitFor(async () => {
    const rows = await tasks("--workflow", "production");
    expect(new Set(rows.map((row) => row.state))).toEqual(new Set(["done"]));
  }, PATIENCE);
  const record = recordOf(directory, "TS1_00050017_0017_numib_RecoData.root");
  expect(record.metadata["core.runs"]).toEqual([50017]);
  expect(record.metadata["core.runs_subruns"]).toEqual([5_001_700_017]);
  // The record that the group showed had the same number in 32 bits.
  expect((record.metadata["core.runs_subruns"]?.[0] ?? 0) % 2 ** 32).toBe(706_732_721);
  expect(Object.keys(record.metadata).sort()).toEqual(expect.arrayContaining(WANTED));
  expect(record.parents).toEqual([{ did: "neardet-2x2-minerva:TS1_00050017_0017_numib_SupDigits.root" }]);
  remove();
});

const stretch = ({ from, until }: Iov) => `${from.major}-${until?.major ?? ""}`;

/** How many types have constants for runs to come: those of the last period, which are published last. */
async function heldNow(directory: string): Promise<number> {
  return (await ask<{ iovs: Iov[] }>(directory, "gt", "show", "development")).iovs.length;
}

type FileRecord = { name: string; parents: unknown; metadata: Record<string, number[] | undefined> };

/** As the job wrote it. */
function recordOf(directory: string, name: string): FileRecord {
  const jobs = join(directory, "jobs");
  const lists = readdirSync(jobs, { recursive: true, encoding: "utf8" }).filter((path) =>
    /reconstruct\.1\b.*\bout\b.outputs\.json$/.test(path),
  );
  for (const list of lists) {
    const { files } = JSON.parse(readFileSync(join(jobs, list), "utf8")) as { files: FileRecord[] };
    const found = files.find((file) => file.name === name);
    if (found) return found;
  }
  throw new Error(`no job wrote ${name}`);
}

/** The fields of the record in `mx2-data-production.txt`, but for what is the batch system's own. */
const WANTED = [
  "core.application.family",
  "core.application.name",
  "core.application.version",
  "core.data_stream",
  "core.data_tier",
  "core.end_time",
  "core.event_count",
  "core.file_content_status",
  "core.file_format",
  "core.file_type",
  "core.first_event_number",
  "core.group",
  "core.last_event_number",
  "core.lum_block_ranges",
  "core.run_type",
  "core.runs",
  "core.runs_subruns",
  "core.start_time",
  "dune.campaign",
  "dune.dqc_quality",
  "dune.mx2x2_global_subrun_numbers",
  "dune.output_status",
  "dune.workflow",
  "retention.class",
  "retention.status",
];

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, calops, ROOT, temporary } from "./calops.ts";

const CERTIFICATIONS = join(ROOT, "../shared/data/cms-2018/certifications.jsonl");

type Certification = {
  run: number;
  runType: string;
  reconstruction: string;
  integratedLuminosity: number;
  bField: string;
  quality: Record<string, string | boolean>;
};
type Task = {
  id: number;
  task: string;
  workflow: string;
  group: string;
  state: string;
  stale: unknown;
  runs: number[];
  metrics?: Record<string, number>;
};

const PARTS = ["pixel", "sistrip", "tracking"];

test.skipIf(!existsSync(CERTIFICATIONS))(
  "the season of 2018 is replayed to its end, and its sums agree with the file (left out where shared/data/cms-2018 is missing)",
  async () => {
    const { directory, remove } = temporary();
    const finished = await calops([
      "start",
      "--config",
      join(ROOT, "test/fixtures/cms-2018"),
      "--data",
      directory,
      "--until-idle",
    ]);
    expect(finished).toMatchObject({ code: 0 });
    const records = readFileSync(CERTIFICATIONS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Certification);
    expect(records).toHaveLength(2_746);
    const status = await ask<{
      runs: { runs: number; conflicts: number };
      sources: { records: number }[];
      alerts: unknown[];
    }>(directory, "status");
    expect(status.sources).toMatchObject([{ name: "certifications", records: 2_746, failure: null }]);
    expect(status.alerts).toEqual([]);

    // Typing errors among the run numbers, and what is no run of 2018, are kept aside with the reason.
    const real = records.filter(({ run }) => run >= 313_000 && run <= 328_000);
    const quarantined = await ask<{ run: number; reasons: string[] }[]>(
      directory,
      "runs",
      "--quarantined",
      "--limit",
      "100",
    );
    expect(
      quarantined
        .filter((one) => one.reasons[0]?.includes("out of range"))
        .map((one) => one.run)
        .sort(),
    ).toEqual(
      records
        .filter(({ run }) => run < 313_000 || run > 328_000)
        .map(({ run }) => run)
        .sort(),
    );
    for (const typo of [0, 320, 31_748, 136_096]) expect(quarantined.map((one) => one.run)).toContain(typo);
    const conflicts = await ask<{ run: number; conflict: string }[]>(directory, "runs", "--conflicts");
    expect(conflicts.map((one) => one.run).sort()).toEqual([317_498, 320_780, 321_068]);
    expect(status.runs).toMatchObject({ runs: new Set(real.map(({ run }) => run)).size, conflicts: 3 });

    // What the file says in the end of each run, as far as the records agree on what it is.
    const disputed = new Set(conflicts.map((one) => one.run));
    const last = new Map<number, Certification>();
    for (const record of real) if (!disputed.has(record.run)) last.set(record.run, record);
    const collisions = [...last.values()].filter((record) => record.runType === "Collisions");
    const prompt = collisions.filter((record) => record.reconstruction === "Prompt");
    const luminosity = (list: readonly Certification[]) =>
      list.reduce((sum, record) => sum + record.integratedLuminosity, 0);

    const tasks = await ask<Task[]>(directory, "tasks", "--limit", "10000");
    const of = (workflow: string) => tasks.filter((task) => task.workflow === workflow && task.state !== "skipped");
    expect(new Set(tasks.map((task) => task.state))).toEqual(new Set(["done"]));
    expect(tasks.filter((task) => task.stale !== null && !task.runs.some((run) => disputed.has(run)))).toEqual([]);

    const summaries = of("summary").filter((task) => !task.runs.some((run) => disputed.has(run)));
    expect(summaries.map((task) => task.runs[0]).sort()).toEqual(collisions.map(({ run }) => run).sort());

    const blocks = await Promise.all(of("blocks").map((task) => ask<Task>(directory, "task", String(task.id))));
    const members = new Set(blocks.flatMap((block) => block.runs));
    for (const record of prompt) expect(members).toContain(record.run);
    const counted = blocks.flatMap((block) => block.runs).filter((run) => !disputed.has(run));
    expect(counted.length).toBe(prompt.length);
    const sum = blocks.reduce((total, block) => total + (block.metrics?.["luminosity"] ?? 0), 0);
    // Luminosities of the three disputed runs are zero in the Prompt certifications that count here.
    expect(sum).toBeCloseTo(luminosity(prompt), 3);
    for (const block of blocks.slice(1)) expect(block.metrics?.["luminosity"]).toBeGreaterThan(1_500);

    const trend = await ask<Task>(directory, "task", "trend/fit@season");
    for (const part of PARTS) {
      const bad = luminosity(prompt.filter((record) => record.quality[part] === "Bad")) / luminosity(prompt);
      expect(trend.metrics?.[`bad_${part}`]).toBeCloseTo(bad, 9);
    }

    const cosmics = [...last.values()].filter((record) => record.runType === "Cosmics");
    const byField = await ask<Task>(directory, "task", "cosmics/by-field@season");
    const known = new Set(byField.runs);
    for (const [field, name] of [
      ["3.8 T", "3_8_t"],
      ["0 T", "0_t"],
    ] as const) {
      const runs = cosmics.filter((record) => record.bField === field);
      for (const record of runs) expect(known).toContain(record.run);
      const bad = runs.filter((record) => PARTS.some((part) => record.quality[part] === "Bad"));
      // A disputed run that was first certified as cosmic may have joined before it was disputed.
      expect(byField.metrics?.[`bad_${name}`]).toBeCloseTo(bad.length / runs.length, 2);
    }
    remove();
  },
);

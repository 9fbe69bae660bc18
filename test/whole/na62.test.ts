import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, calops, ROOT, temporary } from "./calops.ts";

type Row = {
  task: string;
  workflow: string;
  state: string;
  jobs: { total: number; done: number; failedAttempts: number };
};
type RealTask = { name: string; jobs: { total: number; done: number; failedAttempts: number } };

test("the chain of NA62 run 8215 ends with the same 15 tasks and the same Total, Done and Failed as the real one", async () => {
  const fixture = join(ROOT, "test/fixtures/na62");
  const { directory, remove } = temporary();
  const finished = await calops(["start", "--config", fixture, "--data", directory, "--until-idle"]);
  expect(finished).toMatchObject({ code: 0 });
  const shown = await ask<Row[]>(directory, "tasks", "--run", "8215");
  const { tasks: real } = JSON.parse(readFileSync(join(fixture, "run-8215-tasks.json"), "utf8")) as {
    tasks: RealTask[];
  };
  const counts = (jobs: RealTask["jobs"]) => [jobs.total, jobs.done, jobs.failedAttempts];
  const sorted = (rows: readonly { jobs: RealTask["jobs"] }[]) =>
    rows.map((row) => counts(row.jobs)).sort((a, b) => Number(a[0]) - Number(b[0]) || Number(a[2]) - Number(b[2]));
  expect(shown).toHaveLength(15);
  expect(sorted(shown)).toEqual(sorted(real));
  expect(shown.map((row) => row.state)).toEqual(Array(15).fill("done"));
  // The names say which is which: the first coarse calibration took 297 failures for 100 jobs.
  expect(shown.find((row) => row.task === "raw-c1")?.jobs).toMatchObject({
    total: 100,
    done: 100,
    failedAttempts: 297,
  });
  expect(shown.find((row) => row.task === "raw-p")?.jobs).toMatchObject({
    total: 1429,
    done: 1429,
    failedAttempts: 25,
  });
  remove();
});

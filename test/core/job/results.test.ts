import { describe, expect, test } from "vitest";
import type { Job } from "../../../src/core/job/job.ts";
import type { Outputs } from "../../../src/core/job/outputs.ts";
import {
  type DoneJob,
  filePaths,
  hasTooLittleData,
  metricsOf,
  outputsOf,
  resultJobs,
} from "../../../src/core/job/results.ts";
import { aJob, anAttempt } from "../../contracts/things.ts";

const done = (id: number, job: Partial<Job>, outputs: Partial<Outputs> = {}): DoneJob => ({
  job: aJob(id, { state: "done", ...job }),
  attempt: anAttempt(id, 1, {
    state: "done",
    outputs: { metrics: {}, files: [], payloads: [], verdict: null, ...outputs },
  }),
});
const ids = (jobs: readonly DoneJob[]) => jobs.map(({ job }) => job.id);

describe("the result of a task", () => {
  test("is made by all its jobs", () => {
    expect(ids(resultJobs([done(1, {}), done(2, {})]))).toEqual([1, 2]);
  });

  test("is made by those of its last iteration alone", () => {
    const all = [done(1, { iteration: 1 }), done(2, { iteration: 2 }), done(3, { iteration: 2 })];
    expect(ids(resultJobs(all))).toEqual([2, 3]);
    expect(ids(resultJobs(all, 1))).toEqual([1]);
  });

  test("is made by the job that combines the others, where there is one", () => {
    const all = [done(1, {}), done(2, { role: "combine" }), done(3, { iteration: 2 })];
    expect(ids(resultJobs(all, 1))).toEqual([2]);
    expect(ids(resultJobs(all))).toEqual([3]);
  });

  test("is nothing while no job is done", () => {
    expect(resultJobs([])).toEqual([]);
    expect(metricsOf([])).toEqual({});
  });

  test("has the largest of each metric", () => {
    expect(
      metricsOf([done(1, {}, { metrics: { shift: 3 } }), done(2, {}, { metrics: { shift: 5, tracks: 1 } })]),
    ).toEqual({ shift: 5, tracks: 1 });
  });

  test("has too little data when one of its jobs says so", () => {
    expect(hasTooLittleData([done(1, {}), done(2, {}, { verdict: "not-enough-data" })])).toBe(true);
    expect(hasTooLittleData([done(1, {})])).toBe(false);
  });

  test("lies where its attempts wrote it", () => {
    const { attempt } = done(1, {}, { files: [{ path: "plots/shift.svg" }] });
    expect(filePaths(attempt, "/data/jobs/1/out")).toEqual(["/data/jobs/1/out/plots/shift.svg"]);
    expect(outputsOf(anAttempt(1, 1)).files).toEqual([]);
  });
});

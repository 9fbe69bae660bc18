/** What calops tells a job, and where the job leaves its results. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

export const job = readJson(process.env.CALOPS_JOB);

/** Numbers of the runs that this job works on, as in "run 1003" or "runs 1003, 1004". */
export const runsInWords = `${job.runs.length === 1 ? "run" : "runs"} ${job.runs.map((run) => run.number).join(", ")}`;

/**
 * Files of that name among the inputs: of the tasks that this one needs, of the parts that it combines (`from: "part"`),
 * or of its own iteration before (`from: "previous"`).
 */
export function inputFiles(name, { from = "need", task } = {}) {
  return job.inputs
    .filter((input) => input.from === from && (task === undefined || input.task === task))
    .flatMap((input) => input.files)
    .filter((path) => basename(path) === name);
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Writes a text, or anything else as JSON, to the job's outputs. */
export function write(name, content) {
  writeFileSync(
    join(process.env.CALOPS_OUT, name),
    typeof content === "string" ? content : `${JSON.stringify(content)}\n`,
  );
}

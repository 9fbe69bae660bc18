import { expect, test } from "vitest";
import { issuesOf } from "./reading.ts";

const FILES = {
  "calops.yaml": `experiment: Driftwood
sorces: {}
runs:
  required: [lumnosity]
  rules:
    - check: run.luminosity
      why: no luminosity was written
sources:
  registry:
    every: soon
    http:
      url: https://registry/runs
      headers: { Authorization: { secret: "Bearer abc" } }
executors:
  batch: { local: {} }
logs: { limit: 2 gigabytes }
`,
  "people.yaml": `people:
  ann: { name: Ann, email: ann-at-lab }
`,
  "runtypes.yaml": `physics:
  filter: run.type == "physics"
  workflows: [t0, t00]
`,
  "campaigns/prompt.yaml": "kind: promt\n",
  "campaigns/again.yaml": "kind: [reprocessing\n",
  "workflows/t0/workflow.yaml": `description: Time zero
owner: an
group: { runs: 0 }
tasks:
  calibrate:
    run: [./calibrate.sh, "\${taks}"]
    executor: bacth
  Fit:
    run: [fit]
  compare:
    needs: [calibrat]
    run: ./calibrat.sh
`,
  "workflows/t0/calibrate.sh!": "#!/bin/sh\n",
  "workflows/dst/workflow.yaml": `description: Data summaries
owner: ann
tasks:
  make:
    needs: [merge]
    run: [make]
  merge:
    needs: [make]
    run: [merge]
    split: { jobs: 2, values: [a, b] }
`,
};

test("twenty mistakes of different kinds over several files are told in twenty lines, all at once, in reading order", () => {
  expect(issuesOf(FILES)).toEqual([
    'calops.yaml:2:1: unknown key "sorces"; write sources',
    "calops.yaml:4:14: runs have no attribute lumnosity; write luminosity",
    "calops.yaml:6:14: the expression gives double, not a condition, true or false; compare it with something, or use bool(...)",
    'calops.yaml:10:12: "soon" is not a length of time; write for example 10m, 48h or 7d',
    "calops.yaml:13:43: not a secret's name; write capitals, digits and _, for example REGISTRY_TOKEN",
    'calops.yaml:16:16: "2 gigabytes" is not a size; write for example 500MB or 2TB',
    "campaigns/again.yaml:2:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; check the indentation, quotes and brackets here",
    'campaigns/prompt.yaml:1:7: "promt" is not known; write prompt',
    "people.yaml:2:28: not an e-mail address; write name@place",
    "runtypes.yaml:3:19: there is no workflow t00; write t0",
    "workflows/dst/workflow.yaml:8:13: the tasks wait for each other: dst/make needs dst/merge needs dst/make; take one of these needs away",
    "workflows/dst/workflow.yaml:10:12: jobs and values stand together; write exactly one of jobs, values, files",
    "workflows/t0/workflow.yaml:2:8: no person or role is called an; write ann",
    "workflows/t0/workflow.yaml:3:16: too small; write 1 or more",
    "workflows/t0/workflow.yaml:6:11: workflows/t0/calibrate.sh may not be executed; run git update-index --chmod=+x workflows/t0/calibrate.sh",
    "workflows/t0/workflow.yaml:6:28: unknown ${taks}; write task",
    "workflows/t0/workflow.yaml:7:15: no executor is called bacth; write batch",
    'workflows/t0/workflow.yaml:8:3: "Fit": not a name; write lower-case letters, digits and inner hyphens, at most 40',
    "workflows/t0/workflow.yaml:11:13: there is no task calibrat; write calibrate",
    "workflows/t0/workflow.yaml:12:10: there is no file workflows/t0/calibrat.sh; write ./calibrate.sh",
  ]);
});

/** Plans of repositories that are written in a test: a change in YAML in, sentences out. */
import { createHash } from "node:crypto";
import type { TreeEntry } from "../../../src/core/config/tree.ts";
import { type Plan, type PlanSide, planOf, type Touched } from "../../../src/core/plan/plan.ts";
import { planInWords } from "../../../src/core/plan/words.ts";
import type { Block, Part } from "../../../src/core/say.ts";
import { taskVersions } from "../../../src/core/workflow/version.ts";
import { configOf, type Written } from "../config/reading.ts";

export const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** A file whose name ends in `.sh` is a program. */
export function treeOf(files: Written): TreeEntry[] {
  return Object.entries(files).map(([path, text]) => ({
    path,
    kind: path.endsWith(".sh") ? "program" : "file",
    bytes: text.length,
    blob: digest(text).slice(0, 40),
  }));
}

export function sideOf(files: Written, commit = "1".repeat(40)): PlanSide {
  const [config, tree] = [configOf(files), treeOf(files)];
  return { commit, config, tree, versions: taskVersions(config, tree, digest) };
}

export function planBetween(before: Written, after: Written, touched?: Touched): Plan {
  return planOf({ before: sideOf(before, "b".repeat(40)), after: sideOf(after, "a".repeat(40)) }, touched);
}

/** Each paragraph and item a line. */
export function linesOf(blocks: readonly Block[]): string[] {
  const plain = (parts: readonly Part[]) => parts.map((part) => (typeof part === "string" ? part : "?")).join("");
  return blocks.flatMap((block) => {
    if (block.kind === "text") return [plain(block.parts)];
    if (block.kind === "list") return block.items.map((item) => `- ${plain(item)}`);
    throw new Error(`a plan has no ${block.kind}`);
  });
}

export function planned(before: Written, after: Written, touched?: Touched): string[] {
  return linesOf(planInWords(planBetween(before, after, touched)));
}

/** The lines under a heading. */
export function under(title: string, lines: readonly string[]): string[] {
  const from = lines.indexOf(title) + 1;
  const to = lines.findIndex((line, index) => index >= from && !line.startsWith("- "));
  return from === 0 ? [] : lines.slice(from, to < 0 ? undefined : to).map((line) => line.slice(2));
}

/** Files with some of their text replaced, as an editor would. Each replacement must find its text. */
export function edited(
  files: Written,
  ...edits: readonly (readonly [path: string, from: string, to: string])[]
): Written {
  const now: Record<string, string> = { ...files };
  for (const [path, from, to] of edits) {
    const text = now[path];
    if (!text?.includes(from)) throw new Error(`${path} has no ${from}`);
    now[path] = text.replace(from, to);
  }
  return now;
}

/** The repository, with one text replaced. */
export function edit(path: string, from: string, to: string): Written {
  return edited(REPOSITORY, [path, from, to]);
}

/** Files without some of them. */
export function without(files: Written, ...paths: readonly string[]): Written {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !paths.some((gone) => path.startsWith(gone))));
}

/** The body of a public key. */
export const ED25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";

/** An experiment with a little of everything. */
export const REPOSITORY: Written = {
  "calops.yaml": `experiment: Driftwood
runs:
  attributes: { events: int, quality: string }
  numbers: 1000-1999
  required: [type, start]
  constant: [type]
  rules: [{ check: run.duration > duration("1m"), why: too short }, { check: run.events >= 0, why: no events }]
sources:
  registry: { http: { url: https://registry.example.org/runs, headers: { X-Key: "abc123def" } }, fields: { number: record.run } }
  list: { command: { run: [./list-runs.sh] }, every: 5m }
executors: { batch: { local: { slots: 8 }, limit: 50 } }
defaults: { retries: 2, channel: "#calibration", errors: [{ exit: 75, then: retry }] }
`,
  "people.yaml": `people:
  ann: { name: Ann, email: ann@lab.org, roles: [expert, timing-expert] }
  ben: { name: Ben, roles: [shifter] }
`,
  "runtypes.yaml": `physics: { filter: run.type == "physics", workflows: [raw, t0, reconstruction] }
cosmics: { filter: run.type == "cosmics", workflows: [raw] }
`,
  "tags/prompt-v3.yaml": "description: x\nstate: OPEN\ntypes: { t0: { description: Time zero } }\n",
  "tags/prompt-v4.yaml": "description: x\ntypes: { t0: { description: Time zero } }\n",
  "campaigns/prompt.yaml": "kind: prompt\ntag: prompt-v3\nrelease: r24\n",
  "campaigns/again.yaml": "kind: reprocessing\nworkflows: [t0]\nruns: 1000-1499\n",
  "workflows/raw/workflow.yaml": `description: Raw data
owner: ann
tasks: { fetch: { run: ./fetch.sh } }
`,
  "workflows/raw/fetch.sh": "fetch",
  "workflows/t0/workflow.yaml": `description: Time zero
owner: timing-expert
channel: "#timing"
select: run.events > 500
shares: [lib]
limits: { tasks: 4 }
quota: 2GB
parameters: { threshold: "0.5" }
tasks:
  calibrate:
    needs: [raw/fetch]
    run: [./fit.sh, "\${run.number}"]
    split: { jobs: 4 }
    combine: ./combine.sh
    repeat: { until: metrics.max_shift_ps < 10 && metrics.chi2 < 2, max: 5 }
    walltime: 10m
    env: { THREADS: "1" }
    locks: [{ delay: 48h }, { ask: { what: conditions, url: "https://conditions/\${group}", open: answer.ready == true } }]
    errors: [{ exit: 3, then: fail, why: out of range }]
  check: { needs: [calibrate], run: ./check.sh }
`,
  "workflows/t0/fit.sh": "fit",
  "workflows/t0/combine.sh": "combine",
  "workflows/t0/check.sh": "check",
  "workflows/t0/README.md": "how it works",
  "workflows/reconstruction/workflow.yaml": `description: Tracks
owner: ben
tasks: { reconstruct: { needs: [t0/calibrate], run: ./reconstruct.sh } }
`,
  "workflows/reconstruction/reconstruct.sh": "reconstruct",
  "lib/geometry.py": "wires = 64",
  "list-runs.sh": "list",
  "README.md": "Driftwood",
};

export const RAW = "workflows/raw/workflow.yaml";
export const T0 = "workflows/t0/workflow.yaml";
export const RECONSTRUCTION = "workflows/reconstruction/workflow.yaml";

const tally = (campaign: string, workflow: string, task: string, state: string, count: number) => ({
  environment: "production",
  campaign,
  workflow,
  task,
  state,
  count,
});

/** What production holds. */
export const TOUCHED: Touched = {
  tasks: [
    tally("prompt", "raw", "fetch", "done", 130),
    tally("prompt", "t0", "calibrate", "done", 100),
    tally("again", "t0", "calibrate", "done", 20),
    tally("prompt", "t0", "calibrate", "failed", 3),
    tally("prompt", "t0", "calibrate", "processing", 2),
    tally("prompt", "t0", "calibrate", "held", 5),
    tally("prompt", "t0", "check", "done", 90),
    tally("prompt", "reconstruction", "reconstruct", "done", 94),
    tally("prompt", "reconstruction", "reconstruct", "ready", 1),
  ],
};

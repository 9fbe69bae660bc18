/** A small season for the tests of commands: a run that is done, one that failed, one that is under way, one that a rule holds. */
import type { Context } from "../../commands/context.ts";
import { COMMANDS } from "../../commands/index.ts";
import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import { workspaceIn } from "../../src/adapters/workspace/workspace.ts";
import type { Actor, Answer } from "../../src/core/command/command.ts";
import { wordsOf } from "../../src/core/command/parse.ts";
import { type Asked, commandDesk } from "../../src/engine/talk/command-desk.ts";
import { type Harness, startHarness } from "../engine/harness.ts";
import { configOf } from "../engine/workflow-text.ts";
import { sketchPainter } from "../fakes/sketch-painter.ts";

export const FILES = configOf(
  {
    t0: `channel: "#timing"
limits: { tasks: 5 }
tasks:
  calibrate:
    run: ["true"]
    split: { jobs: 2 }
    retries: 1
    backoff: { first: 1m }
    errors: [{ exit: 9, then: hold, why: disk full }]
  fit: { needs: [calibrate], run: ["true"] }
`,
    reco: 'select: run.type == "physics"\ntasks: { make: { needs: [t0/fit], run: ["true"], locks: [{ delay: 48h }] } }\n',
    sum: 'group: fill\ntasks: { add: { run: ["true"] } }\n',
    clock: 'schedule: 0 6 * * *\ntasks: { tick: { run: ["true"] } }\n',
  },
  {
    "calops.yaml": "experiment: Test\nruns: { attributes: { quality: string }, numbers: 1-9999, constant: [type] }\n",
    "people.yaml":
      "people: { ann: { name: Ann }, jun: { name: Jun } }\noncall: { shift: { start: 2026-11-01, every: 1d, people: [ann, jun] } }\n",
    "campaigns/prompt.yaml": "kind: prompt\nrelease: v1\ntag: prompt\n",
    "campaigns/rereco.yaml": "kind: reprocessing\nrelease: v2\ndescription: once more\nworkflows: [t0, reco]\n",
  },
);

/** How the tasks of the runs are numbered; see the test of `tasks`. */
export const DONE = 1;
export const DELAYED = 3;
export const OPEN_FILL = 4;
export const FAILED = 5;
export const RUNNING = 10;
export const HELD_JOBS = 13;

export type Given = { readonly ok: boolean; readonly text: string; readonly data: unknown };
export type Season = { readonly harness: Harness; give(line: string): Promise<Given> };

export async function aSeason(): Promise<Season> {
  const harness = await startHarness({
    files: FILES,
    script: ({ facts: { run, task, job } }) => {
      if (run?.number === 2 && task.name === "calibrate" && job.index === 1)
        return { exit: 3, log: "start\nERROR: no pulser\n" };
      if (run?.number === 4 && task.name === "calibrate") return { exit: "never", log: "going on\n" };
      if (run?.number === 5) return { exit: 9, log: "disk full\n" };
      return { outputs: { "metrics.json": '{"shift": 3.123456789}', "plot.svg": "<svg/>" }, log: "one\ntwo\n" };
    },
  });
  await harness.take(
    { run: 1, type: "physics", fill: 7, luminosity: 1, end: "2026-11-24T11:00:00Z" },
    { run: 2, type: "physics", fill: 7 },
    { run: 3, type: "cosmics" },
    { run: 4, type: "physics", fill: 7 },
    { run: 5, type: "physics", fill: 7 },
    { run: 31748 },
  );
  await harness.pass(60_000);
  return { harness, give: async (line) => shown(await harness.command(line), harness) };
}

export function shown(answer: Answer, harness: Harness): Given {
  return {
    ok: answer.ok,
    text: renderBlocks(answer.say, { width: 200, now: harness.clock.now(), zone: "UTC" }),
    data: answer.data,
  };
}

/** The same commands where no bot runs: the store is only read. */
export async function giveToResting(harness: Harness, line: string, more: Partial<Context> = {}): Promise<Given> {
  const contextFor = (actor: Actor, asked: Asked): Context => ({
    queries: harness.store.queries,
    operations: null,
    environments: null,
    linking: null,
    duty: null,
    campaigns: null,
    conditions: harness.conditions,
    tags: null,
    config: null,
    actor,
    ...asked,
    now: harness.clock.now(),
    workspace: workspaceIn(harness.root),
    painter: sketchPainter(),
    links: { log: () => null, output: () => null },
    redact: (text) => text.replaceAll("hunter2", "***"),
    check: async (directory) => ({ what: directory ?? "commit c0ffee", issues: [], workflows: 4 }),
    examine: null,
    commands: COMMANDS,
    ...more,
  });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const desk = commandDesk<Context>({
    commands: COMMANDS,
    log,
    remember: async () => {},
    now: () => harness.clock.now(),
    contextFor,
    knows: async () => true,
  });
  return shown(await desk.answer(wordsOf(line), { id: "ann", roles: [], owner: true, via: "command-line" }), harness);
}

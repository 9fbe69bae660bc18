/** Why nothing was done, where several commands have the same reason. */
import type { TaskRef } from "../src/core/command/args.ts";
import { type Answer, refused } from "../src/core/command/command.ts";
import type { Config } from "../src/core/config/config.ts";
import { type Block, say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";

/** As it was typed, or nearly. */
export function refName(ref: TaskRef): string {
  return "id" in ref ? String(ref.id) : `${ref.workflow}/${ref.task}@${ref.group}`;
}

export function noTask(ref: TaskRef): Block {
  return say`There is no task ${refName(ref)}. The command tasks lists them; tasks --run RUN those of a run.`;
}

export function noSuchTask(ref: TaskRef): Answer {
  return refused([noTask(ref)]);
}

export function noSuchRun(run: number): Answer {
  return refused([say`Run ${run} is not known. The command runs lists those that are.`]);
}

export function noSuchWorkflow(workflow: string, config: Config | null): Answer {
  return refused([say`There is no workflow ${workflow}; ${choices(workflow, Object.keys(config?.workflows ?? {}))}.`]);
}

/** Somebody mistyped it. Of what was declared once there may still be tasks, so ask this only where none were found. */
export function isUnknownWorkflow(workflow: string | undefined, config: Config | null): workflow is string {
  return workflow !== undefined && config !== null && !Object.hasOwn(config.workflows, workflow);
}

/** No bot runs, so nothing can be changed, and nothing be read that only a bot knows. */
export function notRunning(so = "nothing can be changed"): Answer {
  return refused([
    say`The bot is not running, so ${so}. Start it with calops start (or npm start in a checkout), then try again.`,
  ]);
}

/** What hold and release are about: a task, or a run written as `run:8215`. */
import { parseTask, type TaskRef } from "../src/core/command/args.ts";
import type { ArgProblem } from "../src/core/command/command.ts";

export function targetOf(word: string): { readonly run: number } | { readonly task: TaskRef } | ArgProblem {
  const run = /^run[:=]?(\d{1,15})$/.exec(word)?.[1];
  if (run !== undefined) return { run: Number(run) };
  const task = parseTask(word);
  return "problem" in task
    ? {
        problem: `"${word}" is neither a task nor a run`,
        instead: "write a task's number, WORKFLOW/TASK@GROUP, or run:8215",
      }
    : { task };
}

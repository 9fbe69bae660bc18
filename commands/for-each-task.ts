/** A command that does the same to one or several tasks: each is done or refused by itself, and each is answered for. */
import type { TaskRef } from "../src/core/command/args.ts";
import type { Answer } from "../src/core/command/command.ts";
import { NotAllowed } from "../src/core/permission/not-allowed.ts";
import { type Block, say } from "../src/core/say.ts";
import type { Task } from "../src/core/task/task.ts";
import type { Operations } from "../src/ports/operations.ts";
import type { Context } from "./context.ts";
import { noTask, notRunning, refName } from "./refusals.ts";
import { findTask } from "./task-answers.ts";

export type OneAnswer =
  | { readonly ok: true; readonly say: Block; readonly data: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly say: Block; readonly reason: string };

export async function forEachTask(
  refs: readonly TaskRef[],
  context: Context,
  act: (task: Task, operations: Operations) => Promise<OneAnswer>,
): Promise<Answer> {
  const { operations } = context;
  if (!operations) return notRunning();
  const answers: { task: number | string; answer: OneAnswer }[] = [];
  for (const ref of refs) {
    const task = await findTask(ref, context);
    answers.push(
      task
        ? {
            task: task.id,
            answer: await (refs.length > 1 ? asAllowed(() => act(task, operations)) : act(task, operations)),
          }
        : {
            task: refName(ref),
            answer: { ok: false, reason: "unknown-task", say: noTask(ref) },
          },
    );
  }
  return {
    ok: answers.every(({ answer }) => answer.ok),
    say: answers.map(({ answer }) => answer.say),
    data: answers.map(({ task, answer }) =>
      answer.ok ? { task, ok: true, ...answer.data } : { task, ok: false, reason: answer.reason },
    ),
  };
}

/** Others may be done, though this one is not for whoever asked. */
async function asAllowed(act: () => Promise<OneAnswer>): Promise<OneAnswer> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return { ok: false, reason: "not-allowed", say: say`${error.message}` };
  }
}

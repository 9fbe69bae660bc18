/** What the lock `signoff` asks of one result: that it is signed, or as far as one role goes. */
import { satisfies, type Task, taskInWords } from "../task/task.ts";
import { approvalsOf } from "./may-sign.ts";
import { stepInWords } from "./rule.ts";
import type { Signoff } from "./signoff.ts";

type Covering = Pick<Task, "id" | "workflow" | "name" | "groupKey" | "state" | "attempt">;

/**
 * Why the lock is closed, and whose turn it is; undefined where it is open.
 * @param signoff the newest of the task; undefined where none was asked
 * @param role whose yes is enough; all steps must be taken when undefined
 */
export function notSigned(
  task: Covering,
  signoff: Signoff | undefined,
  role: string | undefined,
): { readonly why: string; readonly by: string | undefined } | undefined {
  const name = `${taskInWords(task)} (task ${task.id})`;
  // Somebody has decided to go on without it.
  if (task.state === "skipped") return undefined;
  const current = signoff?.attempt === task.attempt ? signoff : undefined;
  if (!current)
    return {
      why: satisfies(task.state) ? `${name} was done, and nobody was asked to sign it` : `${name} is not done`,
      by: undefined,
    };
  if (current.state === "approved") return undefined;
  if (current.state !== "asked")
    return {
      why: `${name}: its sign-off is ${current.state}${current.reason ? `: ${current.reason}` : ""}`,
      by: undefined,
    };
  const at = current.steps.findIndex((step) => step.role === role);
  const missing = current.steps.flatMap((step, index) =>
    (role !== undefined && index !== at) || approvalsOf(current.votes, index).length >= step.approvals ? [] : [step],
  );
  if (role !== undefined && at < 0)
    return { why: `${name} is not signed by ${role}, who is in none of its steps`, by: role };
  return missing.length === 0
    ? undefined
    : { why: `${name} is not signed yet by ${missing.map(stepInWords).join(", then ")}`, by: missing[0]?.role };
}

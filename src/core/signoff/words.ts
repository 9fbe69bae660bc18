/** What is said of a sign-off beside its card. */
import { type Block, type Button, moment, parts, say } from "../say.ts";
import type { Task } from "../task/task.ts";
import { formatDuration, type Instant } from "../time.ts";
import { signButtons, whoMaySign } from "./card.ts";
import type { Reminding } from "./life.ts";
import { type Signoff, signoffInWords } from "./signoff.ts";

/** @param more what else is to be known, without a capital and a full stop */
export function reminder(signoff: Signoff, how: Reminding, now: Instant, more?: string): Block[] {
  const waits = formatDuration(now - signoff.turnSince);
  const first =
    how === "late"
      ? parts`It is late: ${signoffInWords(signoff)} should have been signed by ${moment(signoff.dueAt)}, and is not.`
      : parts`${signoffInWords(signoff)} has waited ${waits} to be signed.`;
  return [
    { kind: "text", parts: first },
    say`It is for ${whoMaySign(signoff)}${more === undefined ? "" : `; ${more}`}.`,
    signButtons(signoff, look(signoff)),
  ];
}

/** One step is taken: whoever is next is told, since an edit of the card is told to nobody. */
export function turnWords(signoff: Signoff): Block[] {
  return [
    say`${signoffInWords(signoff)} (task ${signoff.taskId}) is signed so far; now it is for ${whoMaySign(signoff)}.`,
    signButtons(signoff, look(signoff)),
  ];
}

function look({ taskId }: Signoff): Button {
  return { label: "Look", words: ["task", String(taskId)] };
}

/** Why there is nothing to sign any more. */
export function goneInWords({ state, reason, attempt }: Pick<Task, "state" | "reason" | "attempt">): string {
  switch (state) {
    case "skipped":
    case "merged":
    case "failed":
      return `its task is ${state}${reason === null ? "" : `: ${reason}`}`;
    default:
      return `its task is made anew, attempt ${attempt}${reason === null ? "" : `: ${reason}`}`;
  }
}

/** Sign-offs as commands take and show them: by task or by number, as data, and why nothing was signed. */
import { parseTask, type TaskRef } from "../src/core/command/args.ts";
import { type Answer, type Arg, type ArgProblem, refused } from "../src/core/command/command.ts";
import { type Block, moment, say } from "../src/core/say.ts";
import { whoMaySign } from "../src/core/signoff/card.ts";
import type { MayNot } from "../src/core/signoff/may-sign.ts";
import { type Signoff, signoffInWords } from "../src/core/signoff/signoff.ts";
import { iso } from "../src/core/time.ts";
import type { NotSigned, SignoffOf } from "../src/ports/operations.ts";
import type { Context } from "./context.ts";
import { refName } from "./refusals.ts";
import { findTask } from "./task-answers.ts";

export type SignoffRef = TaskRef | { readonly signoff: number };

export function signoffArg(
  describe = "what is to be signed: a task, WORKFLOW/TASK@GROUP, or signoff:NUMBER",
): Arg<SignoffRef> {
  return { placeholder: "TASK", describe, optional: false, rest: false, flag: false, parse: parseOne };
}

/** Each of them is written out: nobody signs what they have not named. */
export function signoffsArg(): Arg<readonly SignoffRef[]> {
  return {
    ...signoffArg("what is to be signed: a task, WORKFLOW/TASK@GROUP, or signoff:NUMBER; several with commas"),
    parse: (words) => {
      const refs = words
        .split(",")
        .filter((one) => one !== "")
        .map(parseOne);
      return refs.find((ref): ref is ArgProblem => "problem" in ref) ?? (refs as SignoffRef[]);
    },
  };
}

function parseOne(word: string): SignoffRef | ArgProblem {
  const id = /^signoff:(\d{1,12})$/.exec(word)?.[1];
  return id === undefined ? parseTask(word) : { signoff: Number(id) };
}

/** What an operation is to be done to; undefined where there is no such task. */
export async function signoffOf(ref: SignoffRef, context: Context): Promise<SignoffOf | undefined> {
  if ("signoff" in ref) return ref;
  const task = await findTask(ref, context);
  return task && { task: task.id };
}

export function noSignoff(ref: SignoffRef): Block {
  const name = "signoff" in ref ? `sign-off ${ref.signoff}` : `sign-off of ${refName(ref)}`;
  return say`There is no ${name}. The command signoffs lists what waits to be signed; signoffs --all what was.`;
}

export const SIGNOFF_JSON =
  "{id, environment, campaign, workflow, task, taskId, group, attempt, commit, state, reason, verdict, shown, steps: [{role, deputies, approvals}], authors, votes: [{by, step, vote, why, at}], askedAt, dueAt, endedAt}";

export function signoffData(signoff: Signoff) {
  const { id, environment, campaign, workflow, task, taskId, groupKey, attempt, commit, state, reason } = signoff;
  const { verdict, shown, steps, authors, votes, askedAt, dueAt, endedAt } = signoff;
  return {
    ...{ id, environment, campaign, workflow, task, taskId, group: groupKey, attempt, commit, state, reason },
    ...{ verdict, shown, steps, authors },
    votes: votes.map((vote) => ({ ...vote, at: iso(vote.at) })),
    askedAt: iso(askedAt),
    dueAt: dueAt === null ? null : iso(dueAt),
    endedAt: endedAt === null ? null : iso(endedAt),
  };
}

export function nameOf(signoff: Signoff): string {
  return `${signoffInWords(signoff)} (task ${signoff.taskId})`;
}

type Reason = MayNot | "not-asked" | "moved" | "not-approved" | "made-anew";

/** Why nothing was done, and what to do instead. */
export function whyNot({ reason, signoff }: NotSigned<Reason>): Block {
  const name = nameOf(signoff);
  const { taskId } = signoff;
  switch (reason) {
    case "not-asked":
      return say`${name} is ${signoff.state} since ${moment(signoff.endedAt)}: ${lastWord(signoff)}.`;
    case "moved":
      return say`${name} is not what you looked at any more: ${signoff.reason ?? "it has changed"}. Look at it again (task ${taskId}), then: approve ${taskId}`;
    case "not-theirs":
      return say`${name} is not yours to sign: it is for ${whoMaySign(signoff) ?? signoff.steps.map(({ role }) => role).join(", ")}.`;
    case "own-work":
      return say`${name} is your own work: you wrote its config commit, or asked for it to be made anew. Somebody else must sign it: ${whoMaySign(signoff)}.`;
    case "signed-already":
      return say`You have signed ${name}. It still waits for ${whoMaySign(signoff)}.`;
    case "signed-other-step":
      return say`You have signed ${name} in an earlier step, and this one is for somebody else: ${whoMaySign(signoff)}.`;
    case "not-approved":
      return say`${name} is ${signoff.state}: there is no yes to take back.${signoff.state === "asked" ? ` To say no: reject ${taskId} REASON` : ""}`;
    case "made-anew":
      return say`${name} was made anew since: its present attempt has a sign-off of its own. signoffs --all lists both.`;
  }
}

function lastWord({ votes, reason }: Signoff): string {
  const last = votes.at(-1);
  const said = last && `${last.by} ${last.vote === "approve" ? "signed it" : "rejected it"}`;
  return [said, reason].filter((one) => one !== undefined && one !== null).join(", ") || "nobody said why";
}

export function notSigned(refusal: NotSigned<Reason>): Answer {
  return refused([whyNot(refusal)], { ...signoffData(refusal.signoff), refused: refusal.reason });
}

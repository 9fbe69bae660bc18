/** What people say to the results of tasks: yes, no, and that a yes was a mistake. */
import { revokedInWords } from "../../core/conditions/want.ts";
import { signoffKey } from "../../core/signoff/card.ts";
import * as life from "../../core/signoff/life.ts";
import { currentStep } from "../../core/signoff/may-sign.ts";
import type { Signoff } from "../../core/signoff/signoff.ts";
import { turnWords } from "../../core/signoff/words.ts";
import { goStale, revoke } from "../../core/task/life.ts";
import { type Task, taskInWords } from "../../core/task/task.ts";
import type { Person } from "../../ports/environments.ts";
import type { Operations, SignoffOf } from "../../ports/operations.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { finishTask, metricsOfTask, rejectTask } from "../signoffs/finish.ts";
import { newestSignoff } from "../signoffs/look.ts";
import { channelOf, showSignoff } from "../signoffs/show.ts";
import { usersOf } from "../signoffs/users.ts";
import { consequencesOf } from "./reprocess.ts";

type Answer<Name extends "approve" | "reject" | "revoke"> = Awaited<ReturnType<Operations[Name]>>;

export async function approve(
  ledger: Ledger,
  scene: Scene,
  of: SignoffOf & { readonly shown?: string | undefined; readonly why: string | null },
  by: Person,
): Promise<Answer<"approve">> {
  const found = await find(ledger, of);
  if (!found) return { ok: false, reason: "unknown-signoff" };
  const { signoff, task } = found;
  if (!isOfPresent(signoff, task)) return { ok: false, reason: "moved", signoff };
  const { shown = signoff.shown, why } = of;
  const doer = { by: by.id, ...(why === null ? {} : { why }) };
  const signed = ledger.signoffs.accept(life.approve(signoff, { voter: by, shown, why }, ledger.now), doer);
  if (!signed.ok) return { ...signed, signoff };
  const { next } = signed;
  if (next.state === "approved") {
    const who = [...new Set(next.votes.map((vote) => vote.by))].join(" and ");
    finishTask(ledger, task, { why: `signed by ${who}`, metrics: await metricsOfTask(ledger, task), by: by.id });
  } else {
    // Some wait for no more than this step.
    ledger.wake({ kind: "dependents", ref: String(task.id) });
  }
  await showSignoff(ledger, scene, next);
  if (next.state === "asked" && currentStep(next) !== currentStep(signoff))
    ledger.post(`${signoffKey(next)} turn ${ledger.now}`, channelOf(scene, next), turnWords(next));
  return { ok: true, signoff: next };
}

export async function reject(
  ledger: Ledger,
  scene: Scene,
  of: SignoffOf & { readonly shown?: string | undefined; readonly why: string },
  by: Person,
): Promise<Answer<"reject">> {
  const found = await find(ledger, of);
  if (!found) return { ok: false, reason: "unknown-signoff" };
  const { signoff, task } = found;
  if (!isOfPresent(signoff, task)) return { ok: false, reason: "moved", signoff };
  const { shown = signoff.shown, why } = of;
  const doer = { by: by.id, why };
  const rejected = ledger.signoffs.accept(life.reject(signoff, { voter: by, shown, why }, ledger.now), doer);
  if (!rejected.ok) return { ...rejected, signoff };
  await rejectTask(ledger, task, `rejected by ${by.id}: ${why}`, by.id);
  await showSignoff(ledger, scene, rejected.next);
  return { ok: true, signoff: rejected.next };
}

export async function revokeSignoff(
  ledger: Ledger,
  scene: Scene,
  of: SignoffOf & { readonly why: string },
  by: Person,
): Promise<Answer<"revoke">> {
  const found = await find(ledger, of);
  if (!found) return { ok: false, reason: "unknown-signoff" };
  const { signoff, task } = found;
  // A later attempt is not what was signed: its own sign-off is what counts for it.
  if (task.attempt !== signoff.attempt) return { ok: false, reason: "made-anew", signoff };
  const doer = { by: by.id, why: of.why };
  const revoked = ledger.signoffs.accept(life.revoke(signoff, by, of.why, ledger.now), doer);
  if (!revoked.ok) return { ...revoked, signoff };
  const why = revokedInWords(by.id, of.why);
  const { downstream, users } = await consequencesOf(ledger.transaction, scene, [task.id]);
  const { uses, published } = await usersOf(ledger.transaction, task);
  ledger.tasks.accept(revoke(task, why, ledger.now), doer);
  const stale: Task[] = [];
  // However the tags stand, these are not as they should be.
  for (const use of uses) ledger.put("constantUses", { ...use, changed: `${taskInWords(task)}: ${why}` });
  for (const ref of published) ledger.wake({ kind: "take-out", ref });
  for (const { id } of [...downstream, ...users]) {
    const used = await ledger.tasks.get(id);
    const marked = used && ledger.tasks.accept(goStale(used, `${taskInWords(task)}: ${why}`, ledger.now), doer);
    if (marked?.ok) stale.push(marked.next);
  }
  await showSignoff(ledger, scene, revoked.next);
  return { ok: true, signoff: revoked.next, stale };
}

/** One that was asked of an earlier attempt lapses in a moment. */
function isOfPresent(signoff: Signoff, task: Task): boolean {
  return signoff.state !== "asked" || (task.state === "awaiting-signoff" && task.attempt === signoff.attempt);
}

async function find(ledger: Ledger, of: SignoffOf): Promise<{ signoff: Signoff; task: Task } | undefined> {
  const signoff = "signoff" in of ? await ledger.signoffs.get(of.signoff) : await newestSignoff(ledger, of.task);
  const task = signoff && (await ledger.tasks.get(signoff.taskId));
  return signoff && task && { signoff, task };
}

/** Publications as tasks and their turns move them; what the world is asked for is in `publishing.ts`. */
import { tagNamed } from "../../core/campaign/tags.ts";
import { type Iov, spanInWords } from "../../core/conditions/iov.ts";
import type { Decision } from "../../core/decision.ts";
import { askAgain, holdUp, publicationRef, published, wanted, withdraw } from "../../core/publication/life.ts";
import type { Publication } from "../../core/publication/publication.ts";
import { type Earlier, turnOf } from "../../core/publication/turn.ts";
import { say } from "../../core/say.ts";
import { type Task, taskInWords } from "../../core/task/task.ts";
import type { Publishing } from "../../ports/loads.ts";
import { CALOPS, type Doer } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { type Declared, declare } from "../stages/declared.ts";

const AGAIN_MS = 60_000;

/** A task ended, or began anew: whether what its jobs left is to be published, and whose turn it is. */
export async function considerPublication(ledger: Ledger, scene: Scene, task: Task): Promise<void> {
  const declared = declare(task, scene.revisions.at(task.environment, task.commit));
  const known = await ledger.ask((loads) => loads.publications(task.id));
  for (const one of known)
    if (one.state === "waiting" && (one.attempt < task.attempt || task.state !== "done"))
      accept(ledger, withdraw(one, "its task is not done any more", ledger.now));
  const rule = declared?.definition.publish;
  if (!declared || !rule) return;
  if (task.state === "done" && !known.some((one) => one.attempt === task.attempt)) {
    const campaign = declared.revision.config.campaigns[task.campaign];
    const tag = campaign && tagNamed(campaign, rule.tag, task.workflow);
    const runs = await ledger.ask((loads) => loads.runsOfGroup(task.groupId));
    const publication = wanted(task, rule, tag ?? rule.tag, Math.max(0, ...runs), ledger.now);
    ledger.put("publications", publication);
    ledger.wake({ kind: "publish", ref: publicationRef(publication) });
  }
  await wakeNext(ledger, { ...task, task: task.name });
}

/** Nothing is to be waited for; otherwise it is looked at again when that ends, or when the wait is over. */
export async function isItsTurn(ledger: Ledger, ref: string): Promise<boolean> {
  const publication = await named(ledger, ref);
  if (publication?.state !== "waiting") return false;
  const turn = turnOf(publication, await earlierThan(ledger, publication), ledger.now);
  if (turn.now) return true;
  await ledger.transaction.finishErrand({ kind: "publish", ref });
  const held = holdUp(publication, turn.why);
  if (held.ok) accept(ledger, held);
  ledger.wake({ kind: "publish", ref }, turn.until);
  return false;
}

async function earlierThan(ledger: Ledger, publication: Publication): Promise<Earlier | undefined> {
  const [open] = await ledger.ask((loads) => loads.openPublications(publication));
  const unended = await ledger.ask((loads) => loads.earliestUnended(publication, publication.run));
  const waiting =
    open && open.taskId !== publication.taskId
      ? { run: open.run, taskId: open.taskId, what: "about to be published" }
      : undefined;
  if (!unended || !waiting) return unended ?? waiting;
  return unended.run < waiting.run ? unended : waiting;
}

/**
 * What became of it, as it stands now. Once it has ended, the next one may have its turn.
 *
 * @param what left out where there is no such publication to be done any more
 * @returns whether it is the same that was looked at, still
 */
export async function endOf(
  ledger: Ledger,
  ref: string,
  what?: "published" | ((now: Publication) => Decision<Publication, string>),
): Promise<boolean> {
  const now = await named(ledger, ref);
  if (!what || !now) {
    // Whoever waits for its turn has an errand of its own for that.
    if (now?.state !== "waiting") await ledger.transaction.finishErrand({ kind: "publish", ref });
    return false;
  }
  const decision = what === "published" ? published(now, ledger.now) : what(now);
  const after = decision.ok ? accept(ledger, decision) : now;
  if (after.state === "publishing" || after.state === "waiting") return decision.ok;
  await ledger.transaction.finishErrand({ kind: "publish", ref });
  await wakeNext(ledger, now);
  return decision.ok;
}

/** A person has put right what was in the way. */
export async function publishAgain(
  ledger: Ledger,
  id: number,
  by: string,
): Promise<{ ok: true; tag: string } | { ok: false; reason: "unknown-task" | "not-refused"; detail?: string }> {
  const task = await ledger.tasks.get(id);
  if (!task) return { ok: false, reason: "unknown-task" };
  const publication = await named(ledger, publicationRef({ taskId: id, attempt: task.attempt }));
  if (!publication) return { ok: false, reason: "not-refused" };
  const asked = askAgain(publication, ledger.now);
  if (!asked.ok) return { ok: false, reason: "not-refused", detail: `it is ${publication.state}` };
  accept(ledger, asked, { by });
  return { ok: true, tag: publication.tag };
}

export async function putOff(ledger: Ledger, ref: string, why: string): Promise<void> {
  const now = await named(ledger, ref);
  await ledger.transaction.finishErrand({ kind: "publish", ref });
  if (!now) return;
  const held = holdUp(now, why);
  if (held.ok) accept(ledger, held);
  ledger.wake({ kind: "publish", ref }, ledger.now + AGAIN_MS);
}

export function tellRefused(
  ledger: Ledger,
  { task, workflow }: Declared,
  { tag, attempt }: Publication,
  why: string,
): void {
  ledger.post(`publication ${task.id} ${attempt}`, workflow.channel, [
    say`The constants of ${taskInWords(task)} (task ${task.id}) were not published in ${tag}: ${why}. Once that is put right: publish ${task.id}`,
  ]);
}

/** `t0 8215 to before 8220 is left out: ...` */
export function laterRun(late: readonly Iov[]): string {
  const what = late.map((iov) => `${iov.type} ${spanInWords(iov)}`).join(", ");
  return `${what}: left out, since constants of a later run were published before`;
}

/** The first of those that wait may have waited for what has just ended. */
async function wakeNext(ledger: Ledger, of: Publishing): Promise<void> {
  const [first] = await ledger.ask((loads) => loads.openPublications(of));
  if (first) ledger.wake({ kind: "publish", ref: publicationRef(first) });
}

async function named(ledger: Ledger, ref: string): Promise<Publication | undefined> {
  const [taskId = 0, attempt] = ref.split(" ").map(Number);
  return (await ledger.ask((loads) => loads.publications(taskId))).find((one) => one.attempt === attempt);
}

/** It is written, and told in the history of its task. */
function accept(ledger: Ledger, decision: Decision<Publication, string>, doer: Doer = CALOPS): Publication {
  if (!decision.ok) throw new Error(`a publication cannot do that: ${decision.reason}`);
  ledger.put("publications", decision.next);
  ledger.happened("task", decision.next.taskId, decision, doer);
  return decision.next;
}

/** A sign-off is looked at: whether there is still something to sign, and whether somebody is to be told of it again. */
import { targetInWords } from "../../core/alert/rules.ts";
import { onDuty } from "../../core/oncall/duty.ts";
import { signoffKey } from "../../core/signoff/card.ts";
import { lapse, type Reminding, showAnew, tellAgain } from "../../core/signoff/life.ts";
import { lookAt } from "../../core/signoff/look.ts";
import { ruleOfOwner, type SignoffRule } from "../../core/signoff/rule.ts";
import { shownNow } from "../../core/signoff/shown.ts";
import type { Signoff } from "../../core/signoff/signoff.ts";
import { goneInWords, reminder } from "../../core/signoff/words.ts";
import type { Task } from "../../core/task/task.ts";
import { rotaNamed } from "../duty/in-force.ts";
import { tellPerson } from "../duty/tell-person.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { declare } from "../stages/declared.ts";
import { rejectTask } from "./finish.ts";
import { channelOf, showSignoff } from "./show.ts";

/** More than there can be at once is a mistake of ours, and no reason to go on for ever. */
const MOST_AT_ONCE = 10;

/** @param ref a task */
export async function lookAtSignoff(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const task = await ledger.tasks.get(Number(ref));
  const before = task && (await newestSignoff(ledger, task.id));
  if (!task || before?.state !== "asked") return;
  let signoff = asItStands(ledger, scene, before, task);
  const rule = ruleFor(scene, task);
  for (let count = 0; count < MOST_AT_ONCE; count++) {
    const { due, next } = lookAt(signoff, rule, ledger.now);
    if (due === undefined) {
      if (next !== undefined) ledger.wake({ kind: "signoff", ref }, next);
      break;
    }
    signoff = due === "expire" ? await expire(ledger, signoff, task) : await tell(ledger, scene, signoff, due, rule);
  }
  if (signoff !== before) await showSignoff(ledger, scene, signoff);
}

export async function newestSignoff(ledger: Ledger, taskId: number): Promise<Signoff | undefined> {
  const found = await ledger.ask((loads) => loads.lastSignoffOf(taskId));
  return found && ledger.signoffs.take(found);
}

/** It lapses with its task, and is another where there is something else to look at. */
function asItStands(ledger: Ledger, scene: Scene, signoff: Signoff, task: Task): Signoff {
  const decision =
    task.state !== "awaiting-signoff" || task.attempt !== signoff.attempt
      ? lapse(signoff, goneInWords(task), ledger.now)
      : showAnew(
          signoff,
          shownNow(signoff.shown, task.stale, scene.digest),
          task.stale?.why ?? "it is as it was made again",
        );
  return ledger.signoffs.accept(decision).ok && decision.ok ? decision.next : signoff;
}

/** As the commit that the task ran on has it; where that is gone, nobody is told again. */
function ruleFor(scene: Scene, task: Task): SignoffRule {
  const declared = declare(task, scene.revisions.at(task.environment, task.commit));
  return declared?.definition.signoff ?? ruleOfOwner(declared?.workflow.owner ?? "");
}

async function expire(ledger: Ledger, signoff: Signoff, task: Task): Promise<Signoff> {
  const why = "nobody signed it in time";
  const lapsed = ledger.signoffs.accept(lapse(signoff, why, ledger.now));
  if (!lapsed.ok) return signoff;
  await rejectTask(ledger, task, why);
  return lapsed.next;
}

async function tell(
  ledger: Ledger,
  scene: Scene,
  signoff: Signoff,
  how: Reminding,
  { escalate }: SignoffRule,
): Promise<Signoff> {
  const told = ledger.signoffs.accept(tellAgain(signoff, how, ledger.now));
  if (!told.ok) return signoff;
  const key = `${signoffKey(signoff)} ${how} ${ledger.now}`;
  const channel = channelOf(scene, signoff);
  const blocks = reminder(told.next, how, ledger.now);
  if (how !== "escalate" || !escalate) {
    ledger.post(key, channel, blocks);
    return told.next;
  }
  const { to } = escalate;
  const rota = "oncall" in to ? rotaNamed(scene, to.oncall) : undefined;
  const person = "person" in to ? to.person : rota && onDuty(rota, ledger.now)?.person;
  if (person !== undefined) await tellPerson(ledger, scene, { person, key, blocks, otherwise: channel });
  else if ("channel" in to) ledger.post(key, to.channel, blocks);
  else ledger.post(key, channel, reminder(told.next, how, ledger.now, `nobody is ${targetInWords(to)}`));
  return told.next;
}

/** An alert is looked at: whether it is to be told, told again, brought to somebody else, or left alone until later. */
import { type Alert, escalate, lapse, quieten, tell } from "../../core/alert/alert.ts";
import { type Due, lookAt } from "../../core/alert/look.ts";
import { type Step, targetInWords } from "../../core/alert/rules.ts";
import { silencedUntil } from "../../core/alert/silence.ts";
import { endedLine, escalatedLine } from "../../core/alert/thread.ts";
import { reminder } from "../../core/alert/words.ts";
import type { Decision } from "../../core/decision.ts";
import { onDuty } from "../../core/oncall/duty.ts";
import { parts } from "../../core/say.ts";
import { formatDuration } from "../../core/time.ts";
import { editAlert, messageKey, postAlert, tellInThread } from "../duty/alert-messages.ts";
import { channelFor, rotaNamed, routeFor } from "../duty/in-force.ts";
import { tellPerson } from "../duty/tell-person.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

/** More steps than a route has at once are a mistake of ours, and no reason to go on for ever. */
const MOST_AT_ONCE = 50;

export async function watchAlert(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const [before] = await ledger.ask((loads) => loads.alertsById([Number(ref)]));
  // An environment that runs nothing any more has nobody to tell, and its messages must not go to others.
  if (!before || before.state === "resolved" || !scene.revisions.environments.includes(before.environment)) return;
  const until = silencedUntil(await ledger.ask((loads) => loads.silences(ledger.now)), before, ledger.now);
  let alert = accepted(ledger, before, quieten(before, until !== undefined, ledger.now));
  for (let count = 0; count < MOST_AT_ONCE; count++) {
    const { due, next } = lookAt(alert, routeFor(scene, alert), until, ledger.now);
    if (due) {
      alert = await carryOut(ledger, scene, alert, due);
      continue;
    }
    if (next !== undefined) ledger.wake({ kind: "watch", ref }, next);
    break;
  }
  if (alert === before) return;
  ledger.put("alerts", alert);
  await editAlert(ledger, alert, true);
}

async function carryOut(ledger: Ledger, scene: Scene, alert: Alert, due: Due): Promise<Alert> {
  switch (due.do) {
    case "lapse": {
      const had = alert.acknowledged?.by ?? "";
      await tellInThread(ledger, alert, "lapsed", endedLine(alert, had, "lapsed"));
      await tellPerson(ledger, scene, {
        person: had,
        key: `${messageKey(alert)} lapsed for ${had} ${alert.version}`,
        blocks: reminder(alert, parts`The time is up that you took for it. ack ${alert.id} takes it for longer.`),
        otherwise: channelFor(scene, alert),
      });
      return accepted(ledger, alert, lapse(alert, ledger.now));
    }
    case "tell":
      if (!(await postAlert(ledger, scene, alert)))
        remind(ledger, scene, alert, "It still fires, and no silence holds it back any more.");
      return accepted(ledger, alert, tell(alert, ledger.now));
    case "remind":
      remind(ledger, scene, alert, `Nobody has taken it for ${formatDuration(ledger.now - alert.firingSince)}.`);
      return accepted(ledger, alert, tell(alert, ledger.now));
    case "escalate": {
      const told = await takeStep(ledger, scene, alert, due.step);
      await tellInThread(
        ledger,
        alert,
        `step ${alert.round}.${alert.steps}`,
        escalatedLine(alert, told, due.step.afterMs),
      );
      return accepted(ledger, alert, escalate(alert, told));
    }
  }
}

function remind(ledger: Ledger, scene: Scene, alert: Alert, why: string): void {
  const key = `${messageKey(alert)} again ${alert.round}.${alert.reminders}`;
  ledger.post(key, channelFor(scene, alert), reminder(alert, [why]));
}

/** @returns who was told */
async function takeStep(ledger: Ledger, scene: Scene, alert: Alert, { to, afterMs }: Step): Promise<string> {
  const key = `${messageKey(alert)} step ${alert.round}.${alert.steps}`;
  const channel = channelFor(scene, alert);
  const blocks = reminder(alert, parts`Nobody has acknowledged it for ${formatDuration(afterMs)}.`);
  if ("channel" in to) {
    ledger.post(key, to.channel, blocks);
    return to.channel;
  }
  const person = "person" in to ? to.person : personOnDuty(ledger, scene, to.oncall);
  if (person === undefined) {
    ledger.post(
      key,
      channel,
      reminder(
        alert,
        parts`Nobody has acknowledged it for ${formatDuration(afterMs)}, and nobody is on duty now in ${targetInWords(to)}.`,
      ),
    );
    return "this channel, since nobody is on duty";
  }
  await tellPerson(ledger, scene, { person, key, blocks, otherwise: channel });
  return "oncall" in to ? `${person}, who is on duty in ${to.oncall}` : person;
}

function personOnDuty(ledger: Ledger, scene: Scene, name: string): string | undefined {
  const rota = rotaNamed(scene, name);
  return rota && onDuty(rota, ledger.now)?.person;
}

/** What was refused leaves it as it was. */
function accepted(ledger: Ledger, alert: Alert, decision: Decision<Alert, string>): Alert {
  if (!decision.ok) return alert;
  ledger.happened("alert", alert.id, decision);
  return decision.next;
}

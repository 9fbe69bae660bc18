/** What people on duty do: take an alert, silence some, ask to be told. */
import { type Alert, acknowledge, unacknowledge } from "../../core/alert/alert.ts";
import { endSilence, LONGEST_SILENCE_MS, type Silence, silences } from "../../core/alert/silence.ts";
import { type Subscription, subjectOf } from "../../core/alert/subscription.ts";
import { acknowledgedLine, endedLine } from "../../core/alert/thread.ts";
import type { Decision } from "../../core/decision.ts";
import type { Duty } from "../../ports/duty.ts";
import type { Queries } from "../../ports/queries.ts";
import { editAlert, tellInThread } from "../duty/alert-messages.ts";
import { digestNow } from "../duty/hand-over.ts";
import { alertRules, rotaNamed } from "../duty/in-force.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { runEnded } from "../stages/subscribed.ts";

type Answer<Name extends keyof Duty> = Awaited<ReturnType<Duty[Name]>>;

export function dutyOf(engine: Engine, queries: Queries): Duty {
  const scene = () => engine.scene;
  return {
    acknowledge: (alert, of, by) => engine.do("acknowledge", (ledger) => take(ledger, scene(), alert, of, by)),
    unacknowledge: (alert, by) => engine.do("unacknowledge", (ledger) => leave(ledger, alert, by)),
    silence: (of, by) => engine.do("silence", (ledger) => silence(ledger, scene(), of, by)),
    unsilence: (id, by) => engine.do("unsilence", (ledger) => unsilence(ledger, id, by)),
    subscribe: (to, by) => engine.do("subscribe", (ledger) => subscribe(ledger, scene(), to, by)),
    unsubscribe: (to, by) => engine.do("unsubscribe", (ledger) => unsubscribe(ledger, to, by)),
    digest: async (name) => {
      const rota = rotaNamed(scene(), name);
      return rota
        ? { ok: true, facts: await digestNow(queries, rota, engine.now()) }
        : { ok: false, reason: "unknown-rota" };
    },
  };
}

async function take(
  ledger: Ledger,
  scene: Scene,
  id: number,
  { until, why }: Parameters<Duty["acknowledge"]>[1],
  by: string,
): Promise<Answer<"acknowledge">> {
  const [alert] = await ledger.ask((loads) => loads.alertsById([id]));
  if (!alert) return { ok: false, reason: "unknown-alert" };
  const ends = until ?? ledger.now + alertRules(scene).ackLapsesMs;
  const taken = acknowledge(alert, { by, until: ends, why }, ledger.now);
  if (!taken.ok) return { ...taken, alert };
  await put(ledger, taken, by);
  const { acknowledged } = taken.next;
  if (acknowledged) await tellInThread(ledger, taken.next, "acknowledged", acknowledgedLine(acknowledged));
  return { ok: true, alert: taken.next };
}

async function leave(ledger: Ledger, id: number, by: string): Promise<Answer<"unacknowledge">> {
  const [alert] = await ledger.ask((loads) => loads.alertsById([id]));
  if (!alert) return { ok: false, reason: "unknown-alert" };
  const left = unacknowledge(alert, ledger.now);
  if (!left.ok) return { ...left, alert };
  await put(ledger, left, by);
  await tellInThread(ledger, left.next, "left", endedLine(left.next, alert.acknowledged?.by ?? by, "left"));
  return { ok: true, alert: left.next };
}

async function put(ledger: Ledger, decision: Extract<Decision<Alert>, { ok: true }>, by: string): Promise<void> {
  const { next } = decision;
  ledger.put("alerts", next);
  ledger.happened("alert", next.id, decision, { by });
  ledger.wake({ kind: "watch", ref: String(next.id) });
  await editAlert(ledger, next, true);
}

async function silence(
  ledger: Ledger,
  scene: Scene,
  of: Parameters<Duty["silence"]>[0],
  by: string,
): Promise<Answer<"silence">> {
  if (of.until <= ledger.now) return { ok: false, reason: "over-already" };
  if (of.until > ledger.now + LONGEST_SILENCE_MS) return { ok: false, reason: "too-long" };
  const made: Silence = { ...of, id: scene.ids.silence(), by, at: ledger.now, endedBy: null };
  ledger.put("silences", made);
  ledger.record({ kind: "silence", ref: made.id, event: "silenced", detail: { ...of } }, { by, why: of.why });
  return { ok: true, silence: made, alerts: await lookAgain(ledger, made) };
}

async function unsilence(ledger: Ledger, id: number, by: string): Promise<Answer<"unsilence">> {
  const found = await ledger.ask((loads) => loads.silence(id));
  if (!found) return { ok: false, reason: "unknown-silence" };
  const ended = endSilence(found, by, ledger.now);
  if (!ended.ok) return ended;
  ledger.put("silences", ended.next);
  ledger.happened("silence", id, ended, { by });
  await lookAgain(ledger, found);
  return { ok: true, silence: ended.next };
}

/** Each alert that a silence matches is looked at, whether it begins or ends. */
async function lookAgain(ledger: Ledger, one: Silence): Promise<Alert[]> {
  const matched = (await ledger.ask((loads) => loads.firingAlerts())).filter((alert) =>
    silences(one, alert, ledger.now),
  );
  for (const { id } of matched) ledger.wake({ kind: "watch", ref: String(id) });
  return matched;
}

async function subscribe(
  ledger: Ledger,
  scene: Scene,
  { environment, to }: Parameters<Duty["subscribe"]>[0],
  by: string,
): Promise<Answer<"subscribe">> {
  const ended = await hasEnded(ledger, scene, environment, to);
  if (typeof ended === "string") return { ok: false, reason: ended };
  if (ended) return { ok: false, reason: "already-ended" };
  if (await subscriptionOf(ledger, environment, to, by)) return { ok: false, reason: "already-subscribed" };
  ledger.put("subscriptions", { person: by, environment, to, at: ledger.now, toldAt: null });
  record(ledger, "subscribed", to, by);
  return { ok: true };
}

async function unsubscribe(
  ledger: Ledger,
  { environment, to }: Parameters<Duty["unsubscribe"]>[0],
  by: string,
): Promise<Answer<"unsubscribe">> {
  const found = await subscriptionOf(ledger, environment, to, by);
  if (!found) return { ok: false, reason: "not-subscribed" };
  ledger.put("subscriptions", { ...found, toldAt: ledger.now });
  record(ledger, "unsubscribed", to, by);
  return { ok: true };
}

async function hasEnded(ledger: Ledger, scene: Scene, environment: string, to: Subscription["to"]) {
  if ("run" in to) {
    const [run] = await ledger.ask((loads) => loads.runs([to.run]));
    return run ? (await runEnded(ledger, environment, to.run)) !== undefined : ("unknown-run" as const);
  }
  const { workflows } = scene.revisions.current(environment).config;
  if (await ledger.ask((loads) => loads.isUnderWay(environment, to.workflow))) return false;
  return Object.hasOwn(workflows, to.workflow) ? true : ("unknown-workflow" as const);
}

async function subscriptionOf(ledger: Ledger, environment: string, to: Subscription["to"], by: string) {
  const name = subjectOf({ to });
  return (await ledger.ask((loads) => loads.subscriptions())).find(
    (one) => one.person === by && one.environment === environment && subjectOf(one) === name,
  );
}

function record(ledger: Ledger, event: string, to: Subscription["to"], by: string): void {
  ledger.record({ kind: "person", ref: by, event, detail: { to } }, { by });
}

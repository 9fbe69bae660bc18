/** What one shift tells the next, when the next begins or somebody asks. */
import { PRODUCTION } from "../../core/environment/environment.ts";
import { type DigestFacts, digestInWords } from "../../core/oncall/digest.ts";
import { nextHandOver, onDuty } from "../../core/oncall/duty.ts";
import type { Rota } from "../../core/oncall/rota.ts";
import type { Instant } from "../../core/time.ts";
import type { DueErrand } from "../../ports/loads.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { alertRules, rotaNamed } from "./in-force.ts";

const DAY_MS = 86_400_000;
/** Where nobody knows when the shift before began. */
const A_SHIFT_MS = 7 * DAY_MS;
/** A bot that was away for longer tells the new shift nothing that it does not know. */
const TOO_LATE_MS = DAY_MS;
const MOST = 200;
const WAITING = ["new", "held", "ready"];

/** Every rota that has a digest has its next hand-over on the list, and every alert is looked at by the rules that hold now. */
export async function scheduleDuty(ledger: Ledger, scene: Scene): Promise<void> {
  for (const { rota } of alertRules(scene).digests) scheduleHandOver(ledger, scene, rota);
  for (const { id } of await ledger.ask((loads) => loads.firingAlerts()))
    ledger.wake({ kind: "watch", ref: String(id) });
}

function scheduleHandOver(ledger: Ledger, scene: Scene, name: string): void {
  const rota = rotaNamed(scene, name);
  const next = rota && nextHandOver(rota, ledger.now);
  if (next) ledger.wake({ kind: "hand-over", ref: name }, next.at);
}

/** Looked up beside the engine's units of work. */
export async function handOver(
  queries: Queries,
  scene: Scene,
  { ref, at }: DueErrand,
  now: Instant,
): Promise<(ledger: Ledger) => Promise<void>> {
  const rota = rotaNamed(scene, ref);
  const moved = rota && nextHandOver(rota, at - 1);
  // After a change of the rota an old moment may still be on the list: nobody takes over at it.
  const due = rota && moved?.at === at && now - at < TOO_LATE_MS;
  const facts = due ? await digestFacts(queries, rota, { at, from: moved.from, to: moved.to }) : undefined;
  return async (ledger) => {
    await ledger.transaction.finishErrand({ kind: "hand-over", ref });
    scheduleHandOver(ledger, scene, ref);
    if (!facts) return;
    ledger.put("facts", { name: factName(ref), value: String(at) });
    for (const { rota: name, channel } of alertRules(scene).digests)
      if (name === ref) ledger.post(`hand-over ${ref} ${at} ${channel}`, channel, digestInWords(facts), { over: true });
  };
}

/** As if the shift ended now. */
export async function digestNow(queries: Queries, rota: Rota, now: Instant): Promise<DigestFacts> {
  const person = onDuty(rota, now)?.person;
  return await digestFacts(queries, rota, { at: now, from: person, to: nextHandOver(rota, now)?.to });
}

async function digestFacts(
  queries: Queries,
  rota: Rota,
  { at, from, to }: { readonly at: Instant; readonly from: string | undefined; readonly to: string | undefined },
): Promise<DigestFacts> {
  const last = Number(await queries.fact(factName(rota.name)));
  const since = last > 0 && last < at ? last : at - A_SHIFT_MS;
  const deployments = await queries.deploymentPage({ limit: MOST });
  const tallies = (await queries.tallies(PRODUCTION)).filter(
    ({ state, count }) => WAITING.includes(state) && count > 0,
  );
  const waiting = new Map<string, number>();
  for (const { workflow, count } of tallies) waiting.set(workflow, (waiting.get(workflow) ?? 0) + count);
  return {
    rota: rota.name,
    from,
    to,
    since,
    until: at,
    firing: (await queries.firingAlerts()).reverse(),
    resolved: (await queries.alertsBetween(since, at, MOST)).filter(
      ({ resolvedAt }) => resolvedAt !== null && resolvedAt >= since,
    ),
    waiting: [...waiting].map(([workflow, tasks]) => ({ workflow, tasks })),
    toSign: await queries.signoffPage({ limit: MOST, environment: PRODUCTION, states: ["asked"] }),
    held: await queries.heldTasks(PRODUCTION),
    pending: deployments.filter(({ state }) => state === "requested" || state === "waiting"),
    deployed: deployments
      .filter(({ endedAt, state }) => endedAt !== null && endedAt >= since && endedAt < at && WENT.includes(state))
      .reverse(),
    silences: await queries.silences(at),
  };
}

/** Whatever became of it later, it was carried out. */
const WENT: readonly string[] = ["deployed", "superseded", "rolled-back"];

function factName(rota: string): string {
  return `hand-over ${rota}`;
}

/** What people put in the way of deployments: freezes and locks. Taking one away lets those go on that waited for it. */
import { freeze, lock, thaw, unlock } from "../../core/environment/life.ts";
import { moment, say } from "../../core/say.ts";
import type { Environments } from "../../ports/environments.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";
import { channelOf } from "./channel.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export type GuardParts = { readonly engine: Engine; readonly rules: RulesInForce };
type Answer<Name extends "freeze" | "unfreeze" | "lock" | "unlock"> = Awaited<ReturnType<Environments[Name]>>;

export function guardsOf(parts: GuardParts): Pick<Environments, "freeze" | "unfreeze" | "lock" | "unlock"> {
  const { engine } = parts;
  const tell = (ledger: Ledger, environment: string, event: string, text: ReturnType<typeof say>) =>
    ledger.post(`${event} ${environment} ${ledger.now}`, channelOf(engine.scene, parts.rules, environment), [text]);
  return {
    freeze: (name, until, why, by) =>
      engine.do("freeze", async (ledger): Promise<Answer<"freeze">> => {
        if (!(await isKnown(ledger, name))) return UNKNOWN;
        const frozen = ledger.environments.accept(freeze(await ledger.environment(name), until, by, why, ledger.now), {
          by,
          why,
        });
        if (!frozen.ok) return frozen;
        tell(
          ledger,
          name,
          "frozen",
          say`${by} froze environment ${name} until ${moment(until)}: ${why}. Nothing is deployed until then, or until: unfreeze ${name}`,
        );
        await wakeWaiting(ledger, name);
        return { ok: true };
      }),
    unfreeze: (name, by) =>
      engine.do("unfreeze", async (ledger): Promise<Answer<"unfreeze">> => {
        if (!(await isKnown(ledger, name))) return UNKNOWN;
        const before = await ledger.environment(name);
        const thawed = ledger.environments.accept(thaw(before, ledger.now), { by });
        if (!thawed.ok) return thawed;
        tell(
          ledger,
          name,
          "unfrozen",
          say`${by} ended the freeze of environment ${name}. What waited for that is deployed now.`,
        );
        await wakeWaiting(ledger, name);
        return { ok: true, was: before.freeze?.why ?? "" };
      }),
    lock: (name, why, by) =>
      engine.do("lock", async (ledger): Promise<Answer<"lock">> => {
        if (!(await isKnown(ledger, name))) return UNKNOWN;
        const locked = ledger.environments.accept(lock(await ledger.environment(name), by, why, ledger.now), {
          by,
          why,
        });
        if (!locked.ok) return locked;
        const holder = locked.next.lock?.by ?? by;
        if (holder === by)
          tell(
            ledger,
            name,
            "locked",
            say`${by} locked environment ${name}: ${why}. Deployments of others wait until: unlock ${name}`,
          );
        await wakeWaiting(ledger, name);
        return { ok: true, position: holder === by ? 0 : locked.next.queue.length, holder };
      }),
    unlock: (name, by) =>
      engine.do("unlock", async (ledger): Promise<Answer<"unlock">> => {
        if (!(await isKnown(ledger, name))) return UNKNOWN;
        const before = await ledger.environment(name);
        const was = before.lock?.by ?? null;
        const unlocked = ledger.environments.accept(unlock(before, by, ledger.now), { by });
        if (!unlocked.ok) return unlocked;
        const { lock: next } = unlocked.next;
        const holder = next?.by ?? null;
        if (holder === was) return { ok: true, was: null, holder };
        const ended = was === by ? "ended the lock" : `ended the lock of ${was}`;
        tell(
          ledger,
          name,
          "unlocked",
          next === null
            ? say`${by} ${ended} of environment ${name}. It is free.`
            : say`@${next.by}: ${by} ${ended} of environment ${name}, and it is yours now, for: ${next.why}. When you are done: unlock ${name}`,
        );
        await wakeWaiting(ledger, name);
        return { ok: true, was, holder };
      }),
  };
}

const UNKNOWN = { ok: false, reason: "unknown-environment" } as const;

async function isKnown(ledger: Ledger, name: string): Promise<boolean> {
  const [environment] = await ledger.ask((loads) => loads.environmentsNamed([name]));
  return environment !== undefined && environment.archivedAt === null;
}

/** They go on, or say what they wait for now. */
async function wakeWaiting(ledger: Ledger, environment: string): Promise<void> {
  for (const one of await ledger.ask((loads) => loads.openDeployments(environment)))
    ledger.wake({ kind: "deploy", ref: String(one.id) });
}

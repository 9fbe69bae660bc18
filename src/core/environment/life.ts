/**
 * The life of an environment.
 *
 *   A deployment gives it a commit; a rollback puts the commit that it leaves into quarantine, and whoever deploys that commit
 *   by name takes it out again. What it should run is sighted at the remote, and what cannot be seen changes nothing.
 *   A mirror whose branch has gone is archived after a time of grace, and begins anew when the branch comes back.
 *   Freeze and lock are people's: a freeze ends by itself, a lock goes to the next in the queue.
 */
import { become, type Decision, refuse } from "../decision.ts";
import { type Instant, iso } from "../time.ts";
import type { Environment, Target } from "./environment.ts";

/** The remote was seen, and this is what it says. Nothing is written where it says what it said before. */
export function sight(
  environment: Environment,
  seen: { readonly target: Target | null; readonly trouble: string | null },
): Decision<Environment, "unchanged"> {
  const { target, trouble } = environment;
  const same = target?.commit === seen.target?.commit && target?.ref === seen.target?.ref && trouble === seen.trouble;
  if (same && environment.goneSince === null && environment.archivedAt === null) return refuse("unchanged");
  const change = { target: seen.target, trouble: seen.trouble, goneSince: null, archivedAt: null };
  const event = environment.archivedAt === null ? "sighted" : "came back";
  return become(environment, change, {
    event,
    detail: { ref: seen.target?.ref ?? null, target: seen.target?.commit ?? null },
    ...(seen.trouble === null ? {} : { why: seen.trouble }),
  });
}

/** The remote answered, and the branch of this mirror is not among what it has. */
export function lose(environment: Environment, why: string, now: Instant): Decision<Environment, "unchanged"> {
  if (environment.goneSince !== null || environment.archivedAt !== null) return refuse("unchanged");
  return become(environment, { goneSince: now, trouble: why }, { event: "gone", why });
}

/** The grace time is over. */
export function archive(environment: Environment, now: Instant): Decision<Environment, "unchanged" | "not-gone"> {
  if (environment.archivedAt !== null) return refuse("unchanged");
  if (environment.goneSince === null) return refuse("not-gone");
  const change = { archivedAt: now, commit: null, ref: null, target: null };
  return become(environment, change, { event: "archived", why: environment.trouble ?? "its branch has gone" });
}

/** A deployment is done: from now on new tasks begin on this commit. */
export function settleOn(
  environment: Environment,
  deployed: { readonly commit: string; readonly ref: string | null },
  now: Instant,
): Environment {
  return {
    ...environment,
    ...deployed,
    deployedAt: now,
    quarantine: environment.quarantine.filter(({ commit }) => commit !== deployed.commit),
  };
}

export function quarantine(
  environment: Environment,
  commit: string,
  by: string,
  why: string,
  now: Instant,
): Environment {
  const others = environment.quarantine.filter((one) => one.commit !== commit);
  return { ...environment, quarantine: [...others, { commit, by, why, since: now }] };
}

export function freeze(
  environment: Environment,
  until: Instant,
  by: string,
  why: string,
  now: Instant,
): Decision<Environment, "over-already"> {
  if (until <= now) return refuse("over-already");
  return become(
    environment,
    { freeze: { by, why, since: now, until } },
    { event: "frozen", why, detail: { until: iso(until) } },
  );
}

export function thaw(environment: Environment, now: Instant): Decision<Environment, "not-frozen"> {
  if (!isFrozen(environment, now)) return refuse("not-frozen");
  return become(environment, { freeze: null }, { event: "unfrozen" });
}

export function isFrozen({ freeze }: Environment, now: Instant): boolean {
  return freeze !== null && freeze.until > now;
}

/** Takes the lock, or a place in the queue for it. */
export function lock(
  environment: Environment,
  by: string,
  why: string,
  now: Instant,
): Decision<Environment, "already-yours" | "already-queued"> {
  const claim = { by, why, since: now };
  if (environment.lock === null) return become(environment, { lock: claim }, { event: "locked", why });
  if (environment.lock.by === by) return refuse("already-yours");
  if (environment.queue.some((one) => one.by === by)) return refuse("already-queued");
  return become(environment, { queue: [...environment.queue, claim] }, { event: "queued", why });
}

/**
 * Ends a lock, whoever had it: people go home. The next in the queue has it then. Whoever waits for it leaves the queue
 * instead, and ends it by saying so once more.
 */
export function unlock(environment: Environment, by: string, now: Instant): Decision<Environment, "not-locked"> {
  if (environment.lock === null) return refuse("not-locked");
  const others = environment.queue.filter((one) => one.by !== by);
  if (others.length < environment.queue.length)
    return become(environment, { queue: others }, { event: "left the queue" });
  const [next, ...queue] = environment.queue;
  const held = next === undefined ? null : { ...next, since: now };
  return become(environment, { lock: held, queue }, { event: "unlocked", detail: { of: environment.lock.by } });
}

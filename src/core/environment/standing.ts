/** How an environment stands: whether it runs what it should, and how that does. */
import { type Environment, shortCommit } from "./environment.ts";

export type Sync = {
  /** Whether it runs what it should; `unknown` while the remote does not answer or gives nothing to follow. */
  readonly sync: "synced" | "out-of-sync" | "unknown";
  /** Why it is not synced, in words. */
  readonly why: string | null;
};
export type Health = "healthy" | "progressing" | "degraded" | "paused";

/** @param last what became of the newest deployment of the target */
export function syncOf(
  { target, trouble, commit, quarantine }: Pick<Environment, "target" | "trouble" | "commit" | "quarantine">,
  { answers, last }: { readonly answers: boolean; readonly last: { readonly reason: string | null } | undefined },
): Sync {
  if (!answers) return { sync: "unknown", why: "the config repository does not answer" };
  if (target === null) return { sync: "unknown", why: trouble };
  if (commit === target.commit) return { sync: "synced", why: trouble };
  const bad = quarantine.find((one) => one.commit === target.commit);
  if (bad) return { sync: "out-of-sync", why: `${shortCommit(bad.commit)} was taken back by ${bad.by}: ${bad.why}` };
  return { sync: "out-of-sync", why: trouble ?? last?.reason ?? null };
}

export function healthOf(found: {
  readonly tallies: readonly { readonly state: string; readonly count: number }[];
  /** Alerts that are up. */
  readonly alerts: number;
  /** Workflows that are paused. */
  readonly paused: number;
}): Health {
  const has = (state: string) => found.tallies.some((tally) => tally.state === state && tally.count > 0);
  if (has("failed") || found.alerts > 0) return "degraded";
  if (found.paused > 0) return "paused";
  return has("processing") || has("awaiting-signoff") ? "progressing" : "healthy";
}

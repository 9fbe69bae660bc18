/** Whoever changes a global tag through the bot, whatever waits for it or was made with it hears of that. */
import type { TagChanged } from "../../core/conditions/change.ts";
import type { Conditions } from "../../ports/conditions.ts";

export function announcedConditions(
  conditions: Conditions,
  changed: (how: Extract<TagChanged, { ok: true }>) => Promise<void>,
): Conditions {
  return {
    tags: (environment) => conditions.tags(environment),
    tag: (ref) => conditions.tag(ref),
    lookup: (ref, moment, types) => conditions.lookup(ref, moment, types),
    iovs: (ref, filter) => conditions.iovs(ref, filter),
    counts: (ref) => conditions.counts(ref),
    diff: (before, after, filter) => conditions.diff(before, after, filter),
    history: (ref, limit) => conditions.history(ref, limit),
    async change(request) {
      const outcome = await conditions.change(request);
      if (outcome.ok && !request.dryRun) await changed(outcome);
      return outcome;
    },
    outcome: (...of) => conditions.outcome(...of),
    keep: (type, file) => conditions.keep(type, file),
    payload: (hash) => conditions.payload(hash),
    payloads: (hashes) => conditions.payloads(hashes),
    payloadsLike: (start, limit) => conditions.payloadsLike(start, limit),
    placeOf: (hash) => conditions.placeOf(hash),
    whereUsed: (hash) => conditions.whereUsed(hash),
    types: () => conditions.types(),
    forget: (environment) => conditions.forget(environment),
    close: () => conditions.close(),
  };
}

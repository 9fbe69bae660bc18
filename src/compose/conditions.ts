/**
 * Where conditions are kept: in the store of the bot, or by the server that production's configuration names. Another one is used
 * from the commit on that names it; whoever asks does not notice.
 */
import type { Belle2Options } from "../adapters/conditions/belle2/config.ts";
import type { HsfOptions } from "../adapters/conditions/hsf/config.ts";
import { openBelle2, openHsf, type ServerContext } from "../adapters/conditions/open.ts";
import type { Config, Keeping } from "../core/config/config.ts";
import type { Conditions } from "../ports/conditions.ts";

type Server = NonNullable<Keeping["server"]>;

export type KeepingParts = Omit<ServerContext, "declared"> & {
  /** That of production; undefined while there is none. */
  readonly config: () => Config | undefined;
};

/** The server of a kind that configurations may name. */
export function conditionsOf({ kind, options }: Server, { config, ...parts }: KeepingParts): Conditions {
  // What git declares of a tag, and no server keeps.
  const context = { ...parts, declared: (name: string) => config()?.tags[name] };
  switch (kind) {
    case "hsf":
      return openHsf(options as HsfOptions, context);
    case "belle2":
      return openBelle2(options as Belle2Options, context);
    default:
      throw new Error(`the conditions server is of kind ${kind}, which nobody knows`);
  }
}

/** @param own closed by whoever opened it */
export function conditionsByConfig(own: Conditions, parts: KeepingParts): Conditions {
  let opened: { readonly server: Server; readonly conditions: Conditions } | undefined;
  const current = (): Conditions => {
    const server = parts.config()?.keeping.server;
    if (opened && opened.server !== server && JSON.stringify(opened.server) !== JSON.stringify(server)) {
      // What was asked of it ends as unanswered.
      void opened.conditions.close();
      opened = undefined;
    }
    if (server === undefined) return own;
    opened ??= { server, conditions: conditionsOf(server, parts) };
    return opened.conditions;
  };
  return {
    tags: (environment) => current().tags(environment),
    tag: (ref) => current().tag(ref),
    lookup: (ref, moment, types) => current().lookup(ref, moment, types),
    iovs: (ref, filter) => current().iovs(ref, filter),
    counts: (ref) => current().counts(ref),
    diff: (before, after, filter) => current().diff(before, after, filter),
    history: (ref, limit) => current().history(ref, limit),
    change: (request) => current().change(request),
    outcome: (key) => current().outcome(key),
    keep: (type, file) => current().keep(type, file),
    payload: (hash) => current().payload(hash),
    payloads: (hashes) => current().payloads(hashes),
    payloadsLike: (beginning, limit) => current().payloadsLike(beginning, limit),
    placeOf: (hash) => current().placeOf(hash),
    whereUsed: (hash) => current().whereUsed(hash),
    types: () => current().types(),
    // What mirrors had before a server was named goes, too.
    forget: (environment) => own.forget(environment),
    async close() {
      await opened?.conditions.close();
    },
  };
}

/**
 * Conditions that a server of others keeps. What a change makes of a tag is decided here, as for the bot's own store, sent as the
 * server wants it, and looked at afterwards: what came to something else is no success.
 *
 * Such a server has tags of production alone, and keeps no histories.
 */

import { createHash } from "node:crypto";
import { nextMoment } from "../../core/conditions/append.ts";
import type { ChangeReport, ChangeRequest, TagChange, TagChanged, TagRefusal } from "../../core/conditions/change.ts";
import { type Contents, contentsOf, iovsOf } from "../../core/conditions/contents.ts";
import { ALWAYS, decideChange } from "../../core/conditions/decide-change.ts";
import { differentSpans } from "../../core/conditions/diff.ts";
import { within } from "../../core/conditions/intervals.ts";
import { compareEnds, type Iov } from "../../core/conditions/iov.ts";
import { compareMoments } from "../../core/conditions/moment.ts";
import type { Difference } from "../../core/conditions/report.ts";
import type { GlobalTag, TagRef } from "../../core/conditions/tag.ts";
import { tagAfter } from "../../core/conditions/tag-life.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
import type { Instant } from "../../core/time.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";
import type { DoneChanges } from "./done-changes.ts";
import { inOrder } from "./in-order.ts";
import type { ConditionsServer, HeldTag, Refusal, ServerTag } from "./server.ts";

export type OutsideOptions = {
  readonly done: DoneChanges;
  readonly now: () => Instant;
  /** What git says of a tag, and no such server keeps. */
  readonly declared: (name: string) => { readonly description: string; readonly upstream: string | null } | undefined;
};

export function outsideConditions(server: ConditionsServer, { now, declared, done }: OutsideOptions): Conditions {
  const oneByOne = inOrder();

  const held = async ({ name }: Pick<TagRef, "name">): Promise<Contents> =>
    (await server.held(name))?.contents ?? new Map();
  const shown = (tag: ServerTag, version: number): GlobalTag => {
    const { name, state, createdAt, modifiedAt } = tag;
    const { description, upstream } = declared(name) ?? { description: tag.description, upstream: null };
    return { environment: PRODUCTION, name, state, description, upstream, createdAt, modifiedAt, version };
  };
  const whole = (tag: HeldTag) => shown(tag, versionOf(tag.state, tag.contents));

  return {
    tags: async () => (await server.tags()).map((tag) => shown(tag, 0)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    tag: async ({ name }) => {
      const tag = await server.held(name);
      return tag && whole(tag);
    },
    lookup: async ({ name }, moment, types) =>
      (await server.lookup(name, moment))
        .filter(({ type }) => types?.includes(type) ?? true)
        .sort((a, b) => (a.type < b.type ? -1 : 1)),
    iovs: async (ref, { type: only, span = ALWAYS } = {}) =>
      [...(await held(ref))].flatMap(([type, list]) => (only === undefined || type === only ? within(list, span) : [])),
    counts: async (ref) => new Map([...(await held(ref))].map(([type, list]) => [type, list.length])),
    diff: async (before, after, { type: only, span } = {}) => {
      const [one, other] = [await held(before), await held(after)];
      const types = [...new Set([...one.keys(), ...other.keys()])].filter(
        (type) => only === undefined || type === only,
      );
      const each = types.sort().map((type) => differentSpans(type, one.get(type) ?? [], other.get(type) ?? [], span));
      return {
        spans: each.flat(),
        typesAdded: types.filter((type) => !one.has(type)),
        typesRemoved: types.filter((type) => !other.has(type)),
        sameTypes: each.filter((spans) => spans.length === 0).length,
      };
    },
    history: async () => [],
    change: (request) =>
      oneByOne(async () => {
        const known = done.get(request.key);
        if (known) return known;
        const result = await change(request);
        if (result.ok && !request.dryRun) done.add(request.key, result);
        return result;
      }),
    outcome: async (key) => done.get(key),
    keep: (type, file) => server.keep(type, file),
    payload: (hash) => server.payload(hash),
    payloads: async (hashes) => {
      const found = await Promise.all([...new Set(hashes)].map((hash) => server.payload(hash)));
      return found.flatMap((payload) => payload ?? []);
    },
    payloadsLike: (beginning, limit) => server.payloadsLike(beginning, limit),
    placeOf: (hash) => server.placeOf(hash),
    async whereUsed(hash) {
      const found: { tag: TagRef; iov: Iov }[] = [];
      for (const { name } of await server.tags())
        for (const iov of iovsOf(await held({ name })))
          if (iov.payload === hash) found.push({ tag: { environment: PRODUCTION, name }, iov });
      return found;
    },
    types: async () => [...(await server.types())].sort(),
    // Nothing of any other environment is there.
    forget: async () => {},
    close: async () => {
      await oneByOne(async () => {});
    },
    examine: () => server.examine(),
  };

  async function change(request: ChangeRequest): Promise<TagChanged> {
    const { tag: ref, change: what, by, dryRun = false } = request;
    if (ref.environment !== PRODUCTION)
      return refused(
        "unsupported",
        `${server.kind} keeps the tags of production alone, and ${ref.environment} changes none of them`,
      );
    const before = await server.held(ref.name);
    if (what.kind === "create" || what.kind === "clone") {
      if (before) return refused("already-there", `there is a global tag ${ref.name} already`);
      return await make(ref.name, what, by, dryRun);
    }
    if (!before) return refused("unknown-tag", `there is no global tag ${ref.name}`);
    const tag = whole(before);
    if (request.basis !== undefined && request.basis !== tag.version)
      return refused("moved", `${ref.name} was changed since it was shown`);
    const sources: Contents[] = [];
    for (const { name } of what.kind === "merge" ? what.of : []) {
      const source = await server.held(name);
      if (!source) return refused("unknown-tag", `there is no global tag ${name}`);
      sources.push(source.contents);
    }
    if (what.kind === "append" && what.iovs.length > 0 && what.iovs.every((iov) => holds(before.contents, iov)))
      // Somebody died, or gave up waiting, after the server had taken it.
      return { ok: true, tag, report: reportOf({ added: what.iovs, removed: [], cut: [] }, tag, before.contents) };
    const known = await knownOf(what);
    const decided = decideChange(what, { tag, contents: before.contents, sources, knows: (hash) => known.has(hash) });
    if (!decided.ok) return refused(decided.reason, decided.detail ?? decided.reason);
    const { difference } = decided;
    const after = contentsAfter(before.contents, difference);
    const next = tagAfter(tag, what, hasChanges(difference), now());
    const expected = versionOf(next.state, after);
    const report = reportOf(difference, next, after);
    if (what.kind === "describe" && (what.description !== tag.description || what.upstream !== tag.upstream))
      return refused(
        "unsupported",
        `${server.kind} keeps no description and no upstream; declare ${ref.name} in tags/`,
      );
    if (dryRun) return { ok: true, tag: { ...next, version: expected }, report };
    const refusal = await send(before, what, difference);
    if (refusal) return { ok: false, ...refusal };
    const there = await server.held(ref.name);
    if (!there || versionOf(there.state, there.contents) !== expected)
      throw new ConditionsUnavailable(
        `${server.kind} did something else with ${ref.name} than it was asked for, or somebody else changed it meanwhile; look at it there`,
      );
    return { ok: true, tag: whole(there), report };
  }

  async function make(
    name: string,
    what: Extract<TagChange, { kind: "create" | "clone" }>,
    by: string,
    dryRun: boolean,
  ): Promise<TagChanged> {
    const source = what.kind === "clone" ? await server.held(what.of.name) : undefined;
    if (what.kind === "clone" && !source) return refused("unknown-tag", `there is no global tag ${what.of.name}`);
    if (what.kind === "create" && what.upstream !== null && declared(name)?.upstream !== what.upstream)
      return refused("unsupported", `${server.kind} keeps no upstream of a tag; declare ${name} with it in tags/`);
    const contents = source?.contents ?? new Map();
    const at = now();
    const made: HeldTag = {
      name,
      state: "OPEN",
      createdAt: at,
      modifiedAt: at,
      description: what.description,
      contents,
    };
    const report = reportOf({ added: [], removed: [], cut: [] }, whole(made), contents);
    if (dryRun) return { ok: true, tag: whole(made), report };
    const refusal = source ? await server.clone(source, name) : await server.create(name, by, what.description);
    if (refusal) return { ok: false, ...refusal };
    const there = await server.held(name);
    if (!there) throw new ConditionsUnavailable(`${server.kind} made ${name}, and does not have it`);
    return { ok: true, tag: whole(there), report };
  }

  async function send(tag: HeldTag, what: TagChange, difference: Difference): Promise<Refusal> {
    switch (what.kind) {
      case "state":
        return await server.setState(tag.name, what.to);
      case "put":
      case "append":
      case "merge":
      case "remove":
      case "empty":
        return hasChanges(difference) ? await server.apply(tag, what.kind, difference) : undefined;
      default:
        return undefined;
    }
  }

  async function knownOf(what: TagChange): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    if (what.kind !== "put" && what.kind !== "append") return known;
    for (const hash of new Set(what.iovs.map(({ payload }) => payload)))
      if (await server.payload(hash)) known.add(hash);
    return known;
  }
}

function refused(reason: TagRefusal, detail: string): TagChanged {
  return { ok: false, reason, detail };
}

function hasChanges({ added, removed, cut }: Difference): boolean {
  return added.length + removed.length + cut.length > 0;
}

function contentsAfter(contents: Contents, { added, removed, cut }: Difference): Contents {
  const gone = new Set([...removed, ...cut.map(({ before }) => before)]);
  return contentsOf([...iovsOf(contents).filter((iov) => !gone.has(iov)), ...added, ...cut.map(({ after }) => after)]);
}

function reportOf(difference: Difference, { state }: Pick<GlobalTag, "state">, after: Contents): ChangeReport {
  const { added, cut } = difference;
  const next = [...after].flatMap(([type, list]) => {
    const moment = state === "RUNNING" ? nextMoment(list) : undefined;
    return moment ? [[type, moment] as const] : [];
  });
  return {
    ...difference,
    unchanged: iovsOf(after).length - added.length - cut.length,
    next: Object.fromEntries(next),
  };
}

/** Another one whenever the tag holds something else: such a server counts no changes. */
function versionOf(state: string, contents: Contents): number {
  const hash = createHash("sha256").update(state);
  for (const { type, from, until, payload } of iovsOf(contents))
    hash.update(JSON.stringify([type, from.major, from.minor, until?.major, until?.minor, payload]));
  return hash.digest().readUIntBE(0, 6);
}

function holds(contents: Contents, { type, payload, from, until }: Iov): boolean {
  return (contents.get(type) ?? []).some(
    (one) => one.payload === payload && compareMoments(one.from, from) === 0 && compareEnds(one.until, until) === 0,
  );
}

/** Conditions in memory, each tag as a plain list: for tests of what uses them, and as what the real ones are compared with. */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nextMoment } from "../../src/core/conditions/append.ts";
import type { ChangeReport, ChangeRequest, TagChanged, TagRefusal } from "../../src/core/conditions/change.ts";
import { type Contents, contentsOf, iovsOf } from "../../src/core/conditions/contents.ts";
import { ALWAYS, decideChange } from "../../src/core/conditions/decide-change.ts";
import { differentSpans, type TagDiff } from "../../src/core/conditions/diff.ts";
import type { TagEvent } from "../../src/core/conditions/history.ts";
import { holdingAt, within } from "../../src/core/conditions/intervals.ts";
import type { Iov, Payload, Span } from "../../src/core/conditions/iov.ts";
import type { Moment } from "../../src/core/conditions/moment.ts";
import type { GlobalTag, TagRef } from "../../src/core/conditions/tag.ts";
import { newTag, tagAfter } from "../../src/core/conditions/tag-life.ts";
import { PRODUCTION } from "../../src/core/environment/environment.ts";
import { type Conditions, ConditionsUnavailable } from "../../src/ports/conditions.ts";

type Kept = { readonly tag: GlobalTag; readonly iovs: readonly Iov[]; readonly events: readonly TagEvent[] };

export class MemoryConditions implements Conditions {
  /** Nobody answers. */
  away = false;
  readonly #now: () => number;
  readonly #root = mkdtempSync(join(tmpdir(), "calops-conditions-"));
  readonly #tags = new Map<string, Kept>();
  readonly #payloads = new Map<string, Payload>();
  readonly #done = new Map<string, TagChanged>();

  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  async tags(environment: string): Promise<readonly GlobalTag[]> {
    this.#answers();
    const all = [...this.#tags.values()].map(({ tag }) => tag);
    const own = all.filter((tag) => tag.environment === environment);
    const others = all.filter((tag) => tag.environment === PRODUCTION && !own.some(({ name }) => name === tag.name));
    return [...own, ...(environment === PRODUCTION ? [] : others)].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async tag(ref: TagRef): Promise<GlobalTag | undefined> {
    this.#answers();
    return this.#seen(ref)?.tag;
  }

  async lookup(ref: TagRef, moment: Moment, types?: readonly string[]): Promise<readonly Iov[]> {
    this.#answers();
    return [...this.#contents(ref)]
      .filter(([type]) => types?.includes(type) ?? true)
      .flatMap(([, list]) => holdingAt(list, moment) ?? []);
  }

  async iovs(ref: TagRef, filter: { type?: string; span?: Span } = {}): Promise<readonly Iov[]> {
    this.#answers();
    return [...this.#contents(ref)]
      .filter(([type]) => filter.type === undefined || type === filter.type)
      .flatMap(([, list]) => within(list, filter.span ?? ALWAYS));
  }

  async counts(ref: TagRef): Promise<ReadonlyMap<string, number>> {
    this.#answers();
    return new Map([...this.#contents(ref)].map(([type, list]) => [type, list.length]));
  }

  async diff(before: TagRef, after: TagRef, filter: { type?: string; span?: Span } = {}): Promise<TagDiff> {
    this.#answers();
    const { type: only, span } = filter;
    const [one, other] = [this.#contents(before), this.#contents(after)];
    const all = [...new Set([...one.keys(), ...other.keys()])].sort();
    const types = all.filter((type) => only === undefined || type === only);
    const each = types.map((type) => differentSpans(type, one.get(type) ?? [], other.get(type) ?? [], span));
    return {
      spans: each.flat(),
      typesAdded: types.filter((type) => !one.has(type)),
      typesRemoved: types.filter((type) => !other.has(type)),
      sameTypes: each.filter((spans) => spans.length === 0).length,
    };
  }

  async history(ref: TagRef, limit: number): Promise<readonly TagEvent[]> {
    this.#answers();
    return this.#seen(ref)?.events.toReversed().slice(0, limit) ?? [];
  }

  async change(request: ChangeRequest): Promise<TagChanged> {
    this.#answers();
    const known = this.#done.get(request.key);
    if (known) return known;
    const { change, tag: ref } = request;
    const now = this.#now();
    const refused = (reason: TagRefusal, detail: string): TagChanged => ({ ok: false, reason, detail });
    const others = change.kind === "merge" ? change.of : change.kind === "clone" ? [change.of] : [];
    const unknown = others.find((other) => !this.#seen(other));
    if (unknown) return refused("unknown-tag", `there is no global tag ${unknown.name}`);
    const before = this.#seen(ref);
    let next: Kept;
    let report: Pick<ChangeReport, "added" | "removed" | "cut">;
    if (change.kind === "create" || change.kind === "clone") {
      if (before) return refused("already-there", `there is a global tag ${ref.name} already`);
      const iovs = others.flatMap((other) => iovsOf(this.#contents(other)));
      next = { tag: newTag(ref, change, now), iovs, events: [] };
      report = { added: [], removed: [], cut: [] };
    } else {
      if (!before) return refused("unknown-tag", `there is no global tag ${ref.name}`);
      if (request.basis !== undefined && request.basis !== before.tag.version)
        return refused("moved", `${ref.name} was changed since it was shown`);
      const decided = decideChange(change, {
        tag: before.tag,
        contents: this.#contents(ref),
        sources: others.map((other) => this.#contents(other)),
        knows: (hash) => this.#payloads.has(hash),
      });
      if (!decided.ok) return refused(decided.reason, decided.detail ?? decided.reason);
      report = decided.difference;
      const gone = new Set(
        [...report.removed, ...report.cut.map((one) => one.before)].map((iov) => JSON.stringify(iov)),
      );
      const come = [...report.added, ...report.cut.map((one) => one.after)];
      const iovs = [...before.iovs.filter((iov) => !gone.has(JSON.stringify(iov))), ...come];
      const changes = gone.size + come.length > 0;
      const tag = { ...tagAfter(before.tag, change, changes, now), environment: ref.environment };
      next = { tag, iovs, events: before.tag.environment === ref.environment ? before.events : [] };
    }
    const { added, removed, cut } = report;
    const contents = contentsOf(next.iovs);
    const result: TagChanged = {
      ok: true,
      tag: next.tag,
      report: {
        ...report,
        unchanged: next.iovs.length - added.length - cut.length,
        next: next.tag.state === "RUNNING" ? nextOf(contents) : {},
      },
    };
    if (request.dryRun) return result;
    const event: TagEvent = {
      at: now,
      by: request.by,
      why: request.why,
      kind: change.kind,
      state: next.tag.state,
      version: next.tag.version,
      added: added.length,
      removed: removed.length,
      cut: cut.length,
      key: request.key,
    };
    this.#tags.set(keyOf(ref), { ...next, events: [...next.events, event] });
    this.#done.set(request.key, result);
    return result;
  }

  async outcome(key: string): Promise<Extract<TagChanged, { ok: true }> | undefined> {
    this.#answers();
    const done = this.#done.get(key);
    return done?.ok ? done : undefined;
  }

  async keep(type: string, file: string): Promise<Payload> {
    this.#answers();
    const bytes = readFileSync(file);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const known = this.#payloads.get(hash);
    if (known) return known;
    const payload = { hash, type, bytes: bytes.length };
    mkdirSync(this.#root, { recursive: true });
    writeFileSync(join(this.#root, hash), bytes);
    chmodSync(join(this.#root, hash), 0o444);
    this.#payloads.set(hash, payload);
    return payload;
  }

  async payload(hash: string): Promise<Payload | undefined> {
    this.#answers();
    return this.#payloads.get(hash);
  }

  async payloads(hashes: readonly string[]): Promise<readonly Payload[]> {
    this.#answers();
    return [...new Set(hashes)].flatMap((hash) => this.#payloads.get(hash) ?? []);
  }

  async payloadsLike(beginning: string, limit: number): Promise<readonly Payload[]> {
    this.#answers();
    const hashes = [...this.#payloads.keys()].filter((hash) => hash.startsWith(beginning)).sort();
    return hashes.slice(0, limit).flatMap((hash) => this.#payloads.get(hash) ?? []);
  }

  async placeOf(hash: string): Promise<string> {
    this.#answers();
    if (!this.#payloads.has(hash)) throw new Error(`there is no payload ${hash}`);
    return join(this.#root, hash);
  }

  async whereUsed(hash: string): Promise<readonly { tag: TagRef; iov: Iov }[]> {
    this.#answers();
    return [...this.#tags.values()].flatMap(({ tag: { environment, name }, iovs }) =>
      iovsOf(contentsOf(iovs.filter(({ payload }) => payload === hash))).map((iov) => ({
        tag: { environment, name },
        iov,
      })),
    );
  }

  async types(): Promise<readonly string[]> {
    this.#answers();
    const used = [...this.#tags.values()].flatMap(({ iovs }) => iovs.map(({ type }) => type));
    return [...new Set([...used, ...[...this.#payloads.values()].map(({ type }) => type)])].sort();
  }

  async forget(environment: string): Promise<void> {
    this.#answers();
    if (environment === PRODUCTION) return;
    for (const [key, { tag }] of this.#tags) if (tag.environment === environment) this.#tags.delete(key);
  }

  async close(): Promise<void> {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #answers(): void {
    if (this.away) throw new ConditionsUnavailable("nobody answers");
  }

  #seen({ environment, name }: TagRef): Kept | undefined {
    return this.#tags.get(keyOf({ environment, name })) ?? this.#tags.get(keyOf({ environment: PRODUCTION, name }));
  }

  #contents(ref: TagRef): Contents {
    return contentsOf(this.#seen(ref)?.iovs ?? []);
  }
}

function nextOf(contents: Contents): Record<string, Moment> {
  return Object.fromEntries(
    [...contents].flatMap(([type, list]) => {
      const next = nextMoment(list);
      return next ? [[type, next]] : [];
    }),
  );
}

function keyOf({ environment, name }: TagRef): string {
  return `${environment} ${name}`;
}

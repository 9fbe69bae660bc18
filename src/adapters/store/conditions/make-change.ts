/** One change of a tag, in one transaction: looked up, decided by the core, written with its history. */
import type { Kysely } from "kysely";
import { nextMoment } from "../../../core/conditions/append.ts";
import type { ChangeRequest, TagChanged, TagRefusal } from "../../../core/conditions/change.ts";
import { type Contents, contentsOf } from "../../../core/conditions/contents.ts";
import { ALWAYS, decideChange, windowsOf } from "../../../core/conditions/decide-change.ts";
import type { Iov } from "../../../core/conditions/iov.ts";
import type { Moment } from "../../../core/conditions/moment.ts";
import type { Difference } from "../../../core/conditions/report.ts";
import type { TagRef } from "../../../core/conditions/tag.ts";
import { newTag, tagAfter } from "../../../core/conditions/tag-life.ts";
import { tagChangeRow, tagOf } from "../rows/conditions.ts";
import type { Schema } from "../schema.ts";
import { payloadNumbers, typeNumbers } from "./numbers.ts";
import { intervalsIn, lastOfEach } from "./read-intervals.ts";
import { addTag, type KnownTag, nextChunkNumber, putTag, seenTag, sizeOf } from "./tag-rows.ts";
import { writeDifference } from "./write-intervals.ts";

const NOTHING: Difference = { added: [], removed: [], cut: [] };
const DAY_MS = 24 * 3600 * 1000;
/** How long the outcome of a change is told interval by interval to whoever asks under its key again. */
const OUTCOME_DAYS = 90;

type Done = Extract<TagChanged, { ok: true }>;

export async function makeChange(
  db: Kysely<Schema>,
  request: ChangeRequest,
  now: number,
  chunkSize: number,
): Promise<TagChanged> {
  const { change, tag: ref } = request;
  const known = await outcomeOf(db, request.key);
  if (known) return known;
  const others: KnownTag[] = [];
  for (const other of othersOf(request)) {
    const seen = await seenTag(db, other);
    if (!seen) return refused("unknown-tag", `there is no global tag ${other.name}`);
    others.push(seen);
  }
  const before = await seenTag(db, ref);
  if (change.kind === "create" || change.kind === "clone") {
    if (before) return refused("already-there", `there is a global tag ${ref.name} already`);
    const tag = newTag(ref, change, now);
    const unchanged = others[0] === undefined ? 0 : await sizeOf(db, others[0].id);
    const done: Done = { ok: true, tag, report: { ...NOTHING, unchanged, next: {} } };
    if (!request.dryRun) await remember(db, (await addTag(db, tag, others[0])).id, request, done, now);
    return done;
  }
  if (!before) return refused("unknown-tag", `there is no global tag ${ref.name}`);
  if (request.basis !== undefined && request.basis !== before.version)
    return refused("moved", `${ref.name} was changed since it was shown; look at it again`);

  const asked = change.kind === "put" || change.kind === "append" ? change.iovs : [];
  const payloads = await payloadNumbers(
    db,
    asked.map(({ payload }) => payload),
  );
  const span = change.kind === "merge" ? change.span : ALWAYS;
  const decided = decideChange(change, {
    tag: tagOf(before),
    contents: await touchedOf(db, before.id, request),
    sources: await Promise.all(others.map(async ({ id }) => contentsOf(await intervalsIn(db, id, { span })))),
    knows: (hash) => payloads.has(hash),
  });
  if (!decided.ok) return refused(decided.reason, decided.detail ?? decided.reason);
  const { difference } = decided;
  const changes = difference.added.length + difference.removed.length + difference.cut.length > 0;
  const tag = { ...tagAfter(tagOf(before), change, changes, now), environment: ref.environment };
  const unchanged = (await sizeOf(db, before.id)) - goneBy(difference);
  const next = tag.state === "RUNNING" ? nextBy(await lastOfEach(db, before.id), difference) : {};
  const done: Done = { ok: true, tag, report: { ...difference, unchanged, next } };
  if (request.dryRun) return done;
  const own = before.environment === ref.environment ? before : await addTag(db, { ...tag }, before);
  if (changes) await write(db, own, difference, chunkSize);
  await putTag(db, own, tag);
  await remember(db, own.id, request, done, now);
  return done;
}

function refused(reason: TagRefusal, detail: string): TagChanged {
  return { ok: false, reason, detail };
}

function othersOf({ change }: ChangeRequest): readonly TagRef[] {
  return change.kind === "merge" ? change.of : change.kind === "clone" ? [change.of] : [];
}

async function touchedOf(db: Kysely<Schema>, tag: number, { change }: ChangeRequest): Promise<Contents> {
  const found: Iov[] = [];
  const windows = windowsOf(change);
  for (const window of windows) if ("span" in window) found.push(...(await intervalsIn(db, tag, window)));
  const types = windows.flatMap((window) => ("last" in window ? [window.type] : []));
  if (types.length > 0) found.push(...(await lastOfEach(db, tag, types)));
  return contentsOf(found);
}

/** How many intervals of before are not there any more just as they were. */
function goneBy({ removed, cut }: Difference): number {
  return removed.length + new Set(cut.map(({ before }) => before)).size;
}

/** What may be appended next, by the last of each type before the change, and what it did. */
function nextBy(last: readonly Iov[], { added }: Difference): Record<string, Moment> {
  const contents = contentsOf([...last, ...added]);
  return Object.fromEntries(
    [...contents].flatMap(([type, list]) => {
      const next = nextMoment(list);
      return next ? [[type, next]] : [];
    }),
  );
}

async function write(db: Kysely<Schema>, own: KnownTag, difference: Difference, chunkSize: number): Promise<void> {
  const come = [...difference.added, ...difference.cut.map(({ after }) => after)];
  await writeDifference(
    {
      db,
      tag: own.id,
      sealed: own.sealed,
      payloads: await payloadNumbers(
        db,
        come.map(({ payload }) => payload),
      ),
      types: await typeNumbers(
        db,
        come.map(({ type }) => type),
      ),
      chunkSize,
      nextChunk: await nextChunkNumber(db),
    },
    difference,
  );
}

/** What a change under this key came to; after a time, only that it was done. */
export async function outcomeOf(db: Kysely<Schema>, key: string): Promise<Done | undefined> {
  const row = await db
    .selectFrom("tag_changes")
    .innerJoin("global_tags", "global_tags.id", "tag_changes.tag")
    .selectAll("global_tags")
    .select("tag_changes.outcome")
    .where("tag_changes.key", "=", key)
    .executeTakeFirst();
  if (!row) return undefined;
  if (row.outcome !== null) return JSON.parse(row.outcome) as Done;
  return { ok: true, tag: tagOf(row), report: { ...NOTHING, unchanged: 0, next: {} } };
}

async function remember(
  db: Kysely<Schema>,
  tag: number,
  request: ChangeRequest,
  done: Done,
  now: number,
): Promise<void> {
  await db
    .insertInto("tag_changes")
    .values(tagChangeRow(tag, request, done, now))
    .execute();
  await db
    .updateTable("tag_changes")
    .set({ outcome: null })
    .where("outcome", "is not", null)
    .where("at", "<", now - OUTCOME_DAYS * DAY_MS)
    .execute();
}

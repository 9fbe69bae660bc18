/**
 * The bot's own store of conditions: tags and intervals in the tables of its database, bytes of payloads as files of the data
 * directory. Reads stand beside whatever is being written; a change waits for the unit of work that is being written, and is one
 * of its own.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Kysely, Transaction } from "kysely";
import type { ChangeRequest, TagChanged } from "../../../core/conditions/change.ts";
import type { TagRef } from "../../../core/conditions/tag.ts";
import { PRODUCTION } from "../../../core/environment/environment.ts";
import type { Instant } from "../../../core/time.ts";
import { type Conditions, ConditionsUnavailable } from "../../../ports/conditions.ts";
import { StoreUnavailable } from "../../../ports/store.ts";
import { type Database, type ReadDatabase, rootOf } from "../database.ts";
import { tagEventOf, tagOf } from "../rows/conditions.ts";
import type { Schema } from "../schema.ts";
import { differencesOf } from "./differences.ts";
import { makeChange, outcomeOf } from "./make-change.ts";
import { payloadOf, payloadsLike, payloadsOf, typeNames, typeNumbers } from "./numbers.ts";
import { PayloadFiles } from "./payload-files.ts";
import { holdingAt, intervalsIn, intervalsWith } from "./read-intervals.ts";
import { countsOf, removeTag, seenTag, tagsSeen } from "./tag-rows.ts";

export type ConditionsOptions = {
  /** The data directory. */
  readonly data: string;
  readonly now: () => Instant;
  /** How many intervals lie together at most; small for tests. */
  readonly chunkSize?: number;
};

const CHUNK_SIZE = 256;

/** How often a comparison is begun anew because somebody changed one of the tags meanwhile. */
const COMPARISONS = 5;

export function conditionsIn(database: Database | ReadDatabase, options: ConditionsOptions): Conditions {
  const files = new PayloadFiles(join(options.data, "conditions", "payloads"));
  const { chunkSize = CHUNK_SIZE, now } = options;

  const answered = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      const root = rootOf(error);
      if (!(root instanceof StoreUnavailable) && !database.isUnavailable(root)) throw error;
      throw new ConditionsUnavailable(`the store of conditions does not answer: ${root.message}`, error);
    }
  };
  const read = <T>(work: (db: Kysely<Schema>) => Promise<T>) => answered(work(database.reader));

  // One after the other, also where the database would write two at once: each is decided by what the one before left.
  let last: Promise<unknown> = Promise.resolve();
  const write = <T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T> => {
    if (!("write" in database))
      return Promise.reject(new ConditionsUnavailable("no bot runs here, and nothing but a bot changes conditions"));
    const done = last.then(() => answered(database.write(work)));
    last = done.catch(() => {
      // Whoever asked for it is told; the next one has nothing to do with it.
    });
    return done;
  };
  const idOf = async (db: Kysely<Schema>, ref: TagRef) => (await seenTag(db, ref))?.id ?? 0;

  return {
    tags: (environment) => read(async (db) => (await tagsSeen(db, environment)).map(tagOf)),
    tag: (ref) =>
      read(async (db) => {
        const row = await seenTag(db, ref);
        return row && tagOf(row);
      }),
    lookup: (ref, moment, types) => read(async (db) => holdingAt(db, await idOf(db, ref), moment, types)),
    iovs: (ref, filter = {}) => read(async (db) => intervalsIn(db, await idOf(db, ref), filter)),
    counts: (ref) => read(async (db) => countsOf(db, await idOf(db, ref))),
    diff: (before, after, filter = {}) =>
      read(async (db) => {
        for (let round = 1; ; round += 1) {
          const tags = [await seenTag(db, before), await seenTag(db, after)];
          const found = await differencesOf(db, tags[0]?.id ?? 0, tags[1]?.id ?? 0, filter);
          const since = [await seenTag(db, before), await seenTag(db, after)];
          if (since.every((tag, which) => tag?.id === tags[which]?.id && tag?.version === tags[which]?.version))
            return found;
          if (round === COMPARISONS)
            throw new ConditionsUnavailable("the tags change faster than they can be compared");
        }
      }),
    history: (ref, limit) =>
      read(async (db) => {
        const rows = await db
          .selectFrom("tag_changes")
          .selectAll()
          .where("tag", "=", await idOf(db, ref))
          .orderBy("seq", "desc")
          .limit(limit)
          .execute();
        return rows.map(tagEventOf);
      }),
    change: (request: ChangeRequest): Promise<TagChanged> => write((tx) => makeChange(tx, request, now(), chunkSize)),
    outcome: (key) => read((db) => outcomeOf(db, key)),
    async keep(type, file) {
      const { hash, bytes } = await files.keep(file);
      return await write(async (tx) => {
        const known = await payloadOf(tx, hash);
        if (known) return known;
        const number = (await typeNumbers(tx, [type])).get(type) ?? 0;
        await tx.insertInto("payloads").values({ hash, type: number, bytes, kept_at: now() }).execute();
        return { hash, type, bytes };
      });
    },
    payload: (hash) => read((db) => payloadOf(db, hash)),
    payloads: (hashes) => read((db) => payloadsOf(db, hashes)),
    payloadsLike: (beginning, limit) => read((db) => payloadsLike(db, beginning, limit)),
    async placeOf(hash) {
      const place = files.place(hash);
      if (place === undefined || !existsSync(place)) throw new Error(`there is no payload ${hash}`);
      return place;
    },
    whereUsed: (hash) => read((db) => intervalsWith(db, hash)),
    types: () => read(typeNames),
    forget: (environment) =>
      write(async (tx) => {
        if (environment === PRODUCTION) return;
        const rows = await tx.selectFrom("global_tags").select("id").where("environment", "=", environment).execute();
        for (const { id } of rows) await removeTag(tx, id);
      }),
    // The database is closed by whoever opened it.
    close: async () => {
      await last;
    },
  };
}

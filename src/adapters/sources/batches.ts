/**
 * Gives out what a source read at one go in batches that the engine can commit one by one.
 *
 * While they are given out the reading is held, and the cursor says which reading it is of and how much of it was given.
 * So a batch that could not be committed is given again; and after a restart, when the reading is no longer held, the
 * source reads anew from where that reading had begun.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { SourceReading } from "../../ports/run-source.ts";

const RECORDS_AT_ONCE = 500;

type Read = (cursor: string | null) => Promise<SourceReading>;

const partway = z.strictObject({ reading: z.string(), given: z.int().min(0), from: z.string().nullable() });

export function inBatches(readAll: Read, size: number = RECORDS_AT_ONCE): Read {
  let held: { readonly id: string; readonly reading: SourceReading } | undefined;

  return async (cursor) => {
    const part = parsePartway(cursor);
    if (part && held?.id === part.reading) return batchOf(held, part.given, part.from);
    const from = part ? part.from : cursor;
    held = undefined;
    const reading = await readAll(from);
    if (reading.records.length <= size) return reading;
    held = { id: randomUUID(), reading };
    return batchOf(held, 0, from);
  };

  function batchOf(whole: NonNullable<typeof held>, given: number, from: string | null): SourceReading {
    const { id, reading } = whole;
    const next = given + size;
    const records = reading.records.slice(given, next);
    if (next >= reading.records.length) return { ...reading, records };
    return { records, cursor: JSON.stringify({ reading: id, given: next, from }), more: true };
  }
}

function parsePartway(cursor: string | null): z.output<typeof partway> | undefined {
  if (!cursor?.startsWith('{"reading":')) return undefined;
  try {
    return partway.safeParse(JSON.parse(cursor)).data;
  } catch {
    // Not one of ours; whoever reads the source knows what to do with it.
    return undefined;
  }
}

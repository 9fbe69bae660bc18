/** The database behind a store, for whatever else is kept in it. */
import type { Kysely, Transaction } from "kysely";
import type { Schema } from "./schema.ts";

export type ReadDatabase = {
  /** What is committed. */
  readonly reader: Kysely<Schema>;
  /** Whether an error means that the disk or the server failed, not the program. */
  isUnavailable(error: unknown): boolean;
};

export type Database = ReadDatabase & {
  /** One transaction after the other, each on disk when it resolves: never from within another one, which it would wait for. */
  write<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T>;
};

/** What lies behind errors that say where something went wrong. */
export function rootOf(error: unknown): Error {
  let root = error as Error;
  while (root.cause instanceof Error) root = root.cause;
  return root;
}

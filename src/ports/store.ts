/**
 * Where everything is kept. The store decides nothing: it reads things, and it writes what was decided, all of it or nothing.
 *
 * One process writes. It works in transactions: what a transaction reads includes what it has written, and nobody else sees
 * any of it before the commit, which is on disk when `transact` resolves. Commands read through `queries`, beside it.
 */
import type { Errand, ErrandKind } from "../core/effect.ts";
import type { HistoryEntry } from "../core/history.ts";
import type { Instant } from "../core/time.ts";
import type { DueErrand, Loads } from "./loads.ts";
import type { Queries } from "./queries.ts";
import type { Things } from "./things.ts";

export interface Store {
  /**
   * Runs `work` in one transaction and commits it. When it throws, nothing was written.
   * Rejects with `StaleWrite` when something was changed meanwhile by somebody else, with `StoreUnavailable` when the disk or
   * the server did not do its part.
   */
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  readonly queries: Queries;
  /** Identity of this installation, made when the store was: part of every job's key. */
  readonly instance: string;
  /** A consistent copy while everything goes on. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

export interface Transaction extends Loads {
  /** Takes due errands of these kinds off the list. They are back on it if the transaction fails. */
  takeErrands(now: Instant, limit: number, kinds: readonly ErrandKind[]): Promise<DueErrand[]>;
  /** Takes one errand off the list whose work was done outside the transaction. */
  finishErrand(errand: Errand): Promise<void>;
  /** The clock was set back: everything that is to come comes this much sooner. */
  advanceSchedule(byMs: number, now: Instant): Promise<void>;
  /** What was asked in chats and answered before a moment is forgotten, with what was to be confirmed; history keeps that it was. */
  forgetAnswered(before: Instant): Promise<void>;
  /** Writes things, history and errands. A versioned thing must still be the version that was read. */
  write(changes: Changes): Promise<void>;
}

export type Changes = {
  readonly put: { readonly [Kind in keyof Things]?: readonly Things[Kind][] };
  readonly history?: readonly HistoryEntry[];
  readonly wake?: readonly { readonly errand: Errand; readonly at: Instant }[];
};

/** Somebody else changed what was read: two writers. Nothing was written. */
export class StaleWrite extends Error {
  constructor(what: string) {
    super(`${what} was changed by another writer; nothing was written`);
    this.name = "StaleWrite";
  }
}

/** The disk is full, the file is read-only, the server is away. Nothing was written; trying again later can help. */
export class StoreUnavailable extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "StoreUnavailable";
  }
}

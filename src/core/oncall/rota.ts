/**
 * Who is on duty, as `people.yaml` says it. People take turns; a calendar's shifts go before turns, and overrides before both.
 */
import type { Instant } from "../time.ts";
import type { Calendar } from "./calendar.ts";
import type { Wall } from "./wall.ts";

export type Rota = {
  readonly name: string;
  readonly timezone: string;
  /** Undefined where only the calendar says who is on duty. */
  readonly turns: Turns | undefined;
  readonly overrides: readonly Override[];
  readonly calendar: Calendar | undefined;
};

export type Turns = {
  /** When the first turn begins, by the clock of the timezone. */
  readonly start: Wall;
  /** Each turn begins so much later than the one before, by that clock: days of 23 and 25 hours are days. */
  readonly everyMs: number;
  /** In turn. */
  readonly people: readonly string[];
};

/** Somebody stands in for whoever would be on duty. */
export type Override = {
  readonly from: Instant;
  readonly until: Instant;
  readonly person: string;
  readonly why: string;
};

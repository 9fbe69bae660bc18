import type { Instant } from "../core/time.ts";

/** The only source of the present. */
export interface Clock {
  /** Never goes back while the bot runs, even when somebody sets the machine's clock back. */
  now(): Instant;
  /** Milliseconds since some moment, untouched by whatever is done to the machine's clock: for measuring how long something takes. */
  elapsed(): number;
}

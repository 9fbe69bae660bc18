import type { Clock } from "../../ports/clock.ts";

/** What a run source finds around it, beside its options. */
export type SourceContext = {
  /** The directory that relative paths are relative to; absolute. */
  readonly base: string;
  readonly clock: Clock;
  /** The value of a secret; throws, naming it, when it is not set. */
  readonly secret: (name: string) => string;
  /** The environment of the bot, of which a command gets a few harmless variables. */
  readonly env: NodeJS.ProcessEnv;
};

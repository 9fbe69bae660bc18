/** What was found out about one connection or right, and what to do where it is not as it should be. */
export type Finding = {
  /** What was looked at: `slack: the bot token`. */
  readonly about: string;
  /** `doubtful` works for now; `unknown` could not be looked at. */
  readonly state: "good" | "doubtful" | "bad" | "unknown";
  /** In one sentence, without secrets. */
  readonly found: string;
  /** What to do, exactly; null where nothing needs to be done. */
  readonly fix: string | null;
};

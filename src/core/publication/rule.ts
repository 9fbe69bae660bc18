/** What a task publishes, as the configuration declares it. */
export type PublishRule = {
  /** Payload types that its jobs may leave. */
  readonly types: readonly string[];
  /** `staging`, `target`, `tag` of the campaign, or a tag by its own name. */
  readonly tag: string;
  /** Earlier runs of the same task are waited for so long after its own end. */
  readonly waitMs: number;
  /** A payload that comes after one of a later run: for its own stretch up to that one, or not at all. */
  readonly late: "publish" | "leave-out";
  /** Where a job does not say until when: until the next one begins, or for the runs of the group only. */
  readonly holds: "onwards" | "runs";
};

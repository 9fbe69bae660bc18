/**
 * What to do with a failed attempt, as the configuration declares it: the first rule that matches decides.
 * Without a matching rule an attempt is repeated while the job has retries left.
 */
import type { Cause, Failure } from "./failure.ts";

export type ErrorRule = {
  readonly exit?: readonly number[] | undefined;
  /** A regular expression over the lines of the log. */
  readonly log?: RegExp | undefined;
  readonly cause?: Cause | undefined;
  readonly then: "retry" | "fail" | "hold" | "skip";
  readonly why?: string | undefined;
};

/**
 * The first rule that matches a failure; every condition of a rule must hold.
 * `matchedLog` says which patterns were found in the log: reading it is not a matter of deciding.
 */
export function ruleFor(
  rules: readonly ErrorRule[],
  failure: Failure,
  matchedLog: ReadonlySet<string>,
): ErrorRule | undefined {
  return rules.find(
    (rule) =>
      (rule.exit === undefined || (failure.exitCode !== undefined && rule.exit.includes(failure.exitCode))) &&
      (rule.cause === undefined || rule.cause === failure.cause) &&
      (rule.log === undefined || matchedLog.has(rule.log.source)),
  );
}

/** Why an attempt ended without success, in one set of causes that error rules can name. */

export const CAUSES = [
  "exit", // the program ended with a code that is neither 0 nor 75
  "asked-retry", // the program ended with 75: it asks to be tried again
  "signal", // something killed it
  "walltime", // it ran longer than it may
  "log-limit", // it wrote more log than it may
  "bad-output", // metrics.json or outputs.json cannot be read
  "not-started", // its program could not be started
  "cancelled", // a person or a rule ended it
  "lost", // it vanished: the machine went down, or the batch system forgot it
] as const;

export type Cause = (typeof CAUSES)[number];

export type Failure = {
  readonly cause: Cause;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The first line of the log that looks like an error, cleaned of colours and secrets, or what calops has to say itself. */
  readonly message?: string | undefined;
};

/** The exit code with which a program asks to be tried again (`EX_TEMPFAIL` of sysexits.h). */
export const ASK_FOR_RETRY = 75;

/** `exit code 3`, `killed by SIGKILL`, `over its walltime`: in a sentence after "the job". */
export function failureInWords(failure: Failure): string {
  switch (failure.cause) {
    case "exit":
      return `exit code ${failure.exitCode}`;
    case "asked-retry":
      return `asked to be tried again (exit code ${ASK_FOR_RETRY})`;
    case "signal":
      return `killed by ${failure.signal ?? "a signal"}`;
    case "walltime":
      return "ran longer than its walltime and was ended";
    case "log-limit":
      return "wrote more log than it may and was ended";
    case "bad-output":
      return "wrote results that cannot be read";
    case "not-started":
      return "could not be started";
    case "cancelled":
      return "was cancelled";
    case "lost":
      return "vanished without a result";
  }
}

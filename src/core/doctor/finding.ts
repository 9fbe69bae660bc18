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

export function good(about: string, found: string): Finding {
  return { about, state: "good", found, fix: null };
}

export function doubtful(about: string, found: string, fix: string): Finding {
  return { about, state: "doubtful", found, fix };
}

export function bad(about: string, found: string, fix: string): Finding {
  return { about, state: "bad", found, fix };
}

export function unknown(about: string, found: string, fix: string | null): Finding {
  return { about, state: "unknown", found, fix };
}

/** Of a message that says what happened and then, after `; `, what to do: both; where it does not, `otherwise` is to be done. */
export function told(message: string, otherwise: string): { readonly found: string; readonly fix: string } {
  const at = message.indexOf("; ");
  if (at < 0) return { found: message, fix: otherwise };
  return { found: message.slice(0, at), fix: message.slice(at + 2) };
}

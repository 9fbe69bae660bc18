/**
 * Which files have come to rest. A file is complete once its size and time have been seen unchanged for a while; what
 * its time says alone proves nothing, since copies keep the time of their original and file servers have clocks of
 * their own. What was seen is not in the cursor: after a restart it is seen anew.
 */
export class Settling {
  readonly #settleMs: number;
  readonly #seen = new Map<string, { readonly signature: string; readonly since: number }>();

  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /** Milliseconds until a file that looks like this has come to rest; 0 when it has. */
  remaining(name: string, signature: string, elapsed: number): number {
    const seen = this.#seen.get(name);
    if (seen?.signature !== signature) this.#seen.set(name, { signature, since: elapsed });
    const since = seen?.signature === signature ? seen.since : elapsed;
    return Math.max(0, since + this.#settleMs - elapsed);
  }

  /** Forgets the files that are not waited for any more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#seen.keys()) if (!names.has(name)) this.#seen.delete(name);
  }
}

/** Questions to the outside that locks ask: a page of JSON, or a command that prints JSON. */
export interface Outside {
  /** Rejects when there is no answer, or it is not JSON. */
  fetchJson(url: string): Promise<unknown>;
  /** @param isolated for a command that may be anybody's: it sees nothing of the bot; without a way to do so it is not run */
  runJson(command: readonly string[], isolated: boolean): Promise<unknown>;
}

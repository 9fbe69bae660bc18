/** Questions to the outside that locks ask: a page of JSON, or a command that prints JSON. */
export interface Outside {
  /** Rejects when there is no answer, or it is not JSON. */
  fetchJson(url: string): Promise<unknown>;
  runJson(command: readonly string[]): Promise<unknown>;
}

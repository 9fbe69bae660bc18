/**
 * Where runs and their attributes come from. A source reads and remembers nothing: where it is stands in the cursor that it
 * is given and gives back, which is committed together with what it read.
 */
export interface RunSource {
  /**
   * The next records after a cursor (null: from the beginning), a few hundred at most.
   * Rejects when the source cannot be reached or does not answer sensibly: nothing was read then.
   */
  read(cursor: string | null): Promise<SourceReading>;
  /** Called when there may be something new before the next time to ask, where the source can notice that. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

export type SourceReading = {
  readonly records: readonly unknown[];
  readonly cursor: string | null;
  /** There is more to read at once. */
  readonly more: boolean;
  /** When to read again, where the source knows better than the configuration. */
  readonly againInMs?: number;
  /** Nothing will ever come any more: a replay has come to its end. */
  readonly over?: boolean;
};

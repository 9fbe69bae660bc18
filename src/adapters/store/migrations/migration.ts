/**
 * A step of the tables from one version to the next. Steps only go forward and are never changed once released:
 * the store that somebody has may stand at any of them.
 */
export type Migration = {
  readonly version: number;
  statements(types: DialectTypes): readonly string[];
};

/** Where the two dialects name the same thing differently. */
export type DialectTypes = {
  /** 64-bit whole number. */
  readonly int: string;
  readonly real: string;
  /** A primary key that counts by itself. */
  readonly serial: string;
  /** Behind a table that is stored in the order of its primary key, where the dialect can. */
  readonly clustered: string;
};

/** What the two databases say differently. Everything else in this folder is the same for both. */
import type { DialectTypes } from "./migrations/migration.ts";

export type Dialect = {
  readonly name: "sqlite" | "postgres";
  readonly types: DialectTypes;
  /** The nth parameter of a statement, from 1. */
  placeholder(n: number): string;
  /** The smaller of two values, within a statement. */
  smaller(a: string, b: string): string;
};

export const SQLITE: Dialect = {
  name: "sqlite",
  types: { int: "integer", real: "real", serial: "integer primary key autoincrement", clustered: "without rowid" },
  placeholder: () => "?",
  smaller: (a, b) => `min(${a}, ${b})`,
};

export const POSTGRES: Dialect = {
  name: "postgres",
  types: {
    int: "bigint",
    real: "double precision",
    serial: "bigint generated always as identity primary key",
    clustered: "",
  },
  placeholder: (n) => `$${n}`,
  smaller: (a, b) => `least(${a}, ${b})`,
};

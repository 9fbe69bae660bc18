/** Many rows in one statement: insert, or update what is there. The same text for the same number of rows, so that it is prepared once. */
import { CompiledQuery, type Kysely } from "kysely";
import { StaleWrite } from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import type { Schema } from "./schema.ts";

export type Upsert<Thing> = {
  readonly table: keyof Schema & string;
  readonly key: readonly string[];
  readonly row: (thing: Thing) => Readonly<Record<string, string | number | null>>;
  /** The row must still be the version that was read; otherwise nothing of the whole transaction is written. */
  readonly versioned?: boolean;
  /** Columns that are added to what stands there instead of replacing it. */
  readonly add?: readonly string[];
  /** Rows that are there already stay as they are. */
  readonly keep?: boolean;
};

/** Rows to a statement: powers of two, so that there are few different texts. */
const SIZES = [128, 32, 8, 1] as const;

export async function upsert<Thing>(
  db: Kysely<Schema>,
  dialect: Dialect,
  how: Upsert<Thing>,
  things: readonly Thing[],
): Promise<void> {
  const rows = things.map(how.row);
  const columns = Object.keys(rows[0] ?? {});
  for (let start = 0; start < rows.length; ) {
    const size = SIZES.find((candidate) => candidate <= rows.length - start) ?? 1;
    const chunk = rows.slice(start, start + size);
    const parameters = chunk.flatMap((row) => columns.map((column) => row[column] ?? null));
    const result = await db.executeQuery(CompiledQuery.raw(textOf(how, columns, size, dialect), parameters));
    if (how.versioned && Number(result.numAffectedRows ?? 0) !== size) throw new StaleWrite(how.table);
    start += size;
  }
}

const texts = new WeakMap<object, Map<string, string>>();

function textOf<Thing>(how: Upsert<Thing>, columns: readonly string[], size: number, dialect: Dialect): string {
  const known = texts.get(how) ?? new Map<string, string>();
  texts.set(how, known);
  const name = `${dialect.name} ${size}`;
  const text = known.get(name) ?? compose(how, columns, size, dialect);
  known.set(name, text);
  return text;
}

function compose<Thing>(how: Upsert<Thing>, columns: readonly string[], size: number, dialect: Dialect): string {
  const { table, key } = how;
  const row = (index: number) =>
    `(${columns.map((_, column) => dialect.placeholder(index * columns.length + column + 1)).join(",")})`;
  const insert = `insert into ${table} (${columns.join(",")}) values ${Array.from({ length: size }, (_, index) => row(index)).join(",")}`;
  if (key.length === 0) return insert;
  const changing = columns.filter((column) => !key.includes(column));
  if (how.keep || changing.length === 0) return `${insert} on conflict (${key.join(",")}) do nothing`;
  const set = changing.map(
    (column) =>
      `${column}=${how.add?.includes(column) ? `${table}.${column}+excluded.${column}` : `excluded.${column}`}`,
  );
  const guard = how.versioned ? ` where ${table}.version=excluded.version-1` : "";
  return `${insert} on conflict (${key.join(",")}) do update set ${set.join(",")}${guard}`;
}

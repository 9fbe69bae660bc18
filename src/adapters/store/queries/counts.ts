import { sql } from "kysely";

export const countAll = sql<number>`count(*)`.as("count");

/** Rows that were counted apart, put together by what they have in common. PostgreSQL gives counts as texts. */
export function together<Key extends object, Name extends string>(
  counted: Readonly<Record<Name, readonly (Key & { readonly count: number })[]>>,
): (Key & Record<Name, number>)[] {
  const names = Object.keys(counted) as Name[];
  const sums = new Map<string, { readonly key: object; readonly of: Record<string, number> }>();
  for (const name of names)
    for (const { count, ...key } of counted[name]) {
      const id = JSON.stringify(key);
      const sum = sums.get(id) ?? { key, of: Object.fromEntries(names.map((one) => [one, 0])) };
      sum.of[name] = Number(count);
      sums.set(id, sum);
    }
  return [...sums.values()].map(({ key, of }) => ({ ...key, ...of }) as Key & Record<Name, number>);
}

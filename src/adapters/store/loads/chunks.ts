/** Long lists of keys in pieces that both databases take. */
export async function byChunks<Key, Row>(keys: readonly Key[], load: (chunk: Key[]) => Promise<Row[]>): Promise<Row[]> {
  if (keys.length === 0) return [];
  const rows: Row[] = [];
  for (let start = 0; start < keys.length; start += 500) rows.push(...(await load(keys.slice(start, start + 500))));
  return rows;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect } from "vitest";
import { conditionsIn } from "../../../src/adapters/store/conditions/conditions.ts";
import { openSqlite } from "../../../src/adapters/store/sqlite.ts";
import { conditionsContract } from "../../contracts/conditions.ts";

async function ground(chunkSize?: number) {
  const root = mkdtempSync(join(tmpdir(), "calops-conditions-"));
  return {
    open: async () => {
      const store = await openSqlite({ file: join(root, "calops.sqlite"), now: 1 });
      const conditions = conditionsIn(store.database, {
        data: root,
        now: () => 1,
        ...(chunkSize === undefined ? {} : { chunkSize }),
      });
      return {
        ...conditions,
        close: async () => {
          await conditions.close();
          await store.close();
        },
      };
    },
    clean: async () => rmSync(root, { recursive: true, force: true }),
    lasts: true,
    examine: () => {
      const database = new Database(join(root, "calops.sqlite"), { readonly: true });
      const found = Object.entries(contradictions(chunkSize)).map(([what, query]) => [
        what,
        database.prepare(query).all(),
      ]);
      database.close();
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(found.map(([what]) => [what, []])));
    },
  };
}

/** Each finds what must not be in the tables. */
const contradictions = (chunkSize = 256) => ({
  "a chunk whose size is another": `select * from tag_chunks c
    where size <> (select count(*) from iovs i where i.chunk = c.chunk)`,
  "a chunk that begins elsewhere than its first interval": `select * from tag_chunks c
    where (from_major, from_minor) <> (0, 0) and (from_major, from_minor) not in (
      select from_major, from_minor from iovs i where i.chunk = c.chunk order by from_major, from_minor limit 1)`,
  "a chunk that should have been split": `select * from tag_chunks where size > ${chunkSize}`,
  "a type without a chunk that begins at the beginning": `select tag, type from tag_chunks group by tag, type
    having not max((from_major, from_minor) = (0, 0))`,
  "intervals that no tag has": "select * from iovs where chunk not in (select chunk from tag_chunks)",
  "a chunk above the seal of a tag that shares it": `select * from tag_chunks c join global_tags g on g.id = c.tag
    where c.chunk > g.sealed and exists (select 1 from tag_chunks d where d.chunk = c.chunk and d.tag <> c.tag)`,
});

conditionsContract("SQLite", () => ground(), 15);
// So small that what the sequences make is split, shared and copied all the time.
conditionsContract("SQLite, a few intervals to a chunk", () => ground(2), 50);

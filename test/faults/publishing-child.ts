/** Publishes constants run by run, and exports the tag now and then, until somebody kills it. Begins where it does not know how far it was. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exporterOf } from "../../src/adapters/conditions-export/exporter.ts";
import { conditionsIn } from "../../src/adapters/store/conditions/conditions.ts";
import { openSqlite } from "../../src/adapters/store/sqlite.ts";
import type { TagChange } from "../../src/core/conditions/change.ts";

const [root = "", runs = "0"] = process.argv.slice(2);
mkdirSync(root, { recursive: true });
const store = await openSqlite({ file: join(root, "calops.sqlite"), now: Date.now() });
const conditions = conditionsIn(store.database, { data: root, now: Date.now, chunkSize: 8 });
const exporter = exporterOf({ conditions, root: join(root, "export"), experiment: () => "test" });
const tag = { environment: "production", name: "online" };
const change = async (key: string, what: TagChange) => {
  const done = await conditions.change({ tag, change: what, key, by: "test", why: null });
  if (!done.ok) throw new Error(`${key}: ${done.detail}`);
};
await change("create", { kind: "create", description: "", upstream: null });
await change("run", { kind: "state", to: "RUNNING" });
for (let run = 1; run <= Number(runs); run++) {
  const file = join(root, "constants");
  writeFileSync(file, `constants of run ${run}`);
  const { hash } = await conditions.keep("t0", file);
  const iovs = [{ type: "t0", from: { major: run, minor: 0 }, until: null, payload: hash }];
  await change(`publish ${run}`, { kind: "append", iovs });
  if (run % 10 === 0) await exporter.export(tag, "files");
  if (run % 30 === 0) await exporter.export(tag, "sqlite");
}
await exporter.export(tag, "files");
await store.close();

/** Holds for release. */
import type { Kysely } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { releaseOf } from "../rows/releases.ts";
import type { Schema } from "../schema.ts";
import { byChunks } from "./chunks.ts";

export function releaseLoads(db: Kysely<Schema>) {
  return {
    async releases(groupIds) {
      const rows = await byChunks(groupIds, (chunk) =>
        db.selectFrom("releases").selectAll().where("group_id", "in", chunk).orderBy("group_id").execute(),
      );
      return rows.map(releaseOf);
    },
  } satisfies Partial<Loads>;
}

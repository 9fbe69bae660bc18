import type { Kysely } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { campaignOf } from "../rows/campaigns.ts";
import type { Schema } from "../schema.ts";

export function campaignLoads(db: Kysely<Schema>) {
  const of = (environment: string) => db.selectFrom("campaigns").selectAll().where("environment", "=", environment);
  return {
    async campaign(environment, name) {
      const row = await of(environment).where("name", "=", name).executeTakeFirst();
      return row && campaignOf(row);
    },
    async campaigns(environment) {
      return (await of(environment).orderBy("name").execute()).map(campaignOf);
    },
  } satisfies Partial<Loads>;
}

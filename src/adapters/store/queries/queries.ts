/** What commands and pages read. Every query here goes by an index and ends at a limit. */
import type { Kysely } from "kysely";
import type { Queries } from "../../../ports/queries.ts";
import { loadsFrom } from "../loads/loads.ts";
import type { Schema } from "../schema.ts";
import { environmentQueries } from "./environments.ts";
import { groupQueries } from "./groups.ts";
import { jobQueries } from "./jobs.ts";
import { runQueries } from "./runs.ts";
import { signoffQueries } from "./signoffs.ts";
import { standingQueries } from "./standing.ts";
import { taskQueries } from "./tasks.ts";

export function queriesFrom(db: Kysely<Schema>): Queries {
  return {
    ...loadsFrom(db),
    ...runQueries(db),
    ...groupQueries(db),
    ...taskQueries(db),
    ...signoffQueries(db),
    ...jobQueries(db),
    ...environmentQueries(db),
    ...standingQueries(db),
  };
}

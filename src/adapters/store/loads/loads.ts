/** What the engine reads, the same within a transaction and beside it. */
import type { Kysely } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import type { Schema } from "../schema.ts";
import { alertLoads } from "./alerts.ts";
import { campaignLoads } from "./campaigns.ts";
import { environmentLoads } from "./environments.ts";
import { groupLoads } from "./groups.ts";
import { jobLoads } from "./jobs.ts";
import { judgementLoads } from "./judgements.ts";
import { peopleLoads } from "./people.ts";
import { publicationLoads } from "./publications.ts";
import { releaseLoads } from "./releases.ts";
import { runLoads } from "./runs.ts";
import { signoffLoads } from "./signoffs.ts";
import { standingLoads } from "./standing.ts";
import { taskLoads } from "./tasks.ts";
import { ticketLoads } from "./tickets.ts";

export function loadsFrom(db: Kysely<Schema>): Loads {
  return {
    ...runLoads(db),
    ...groupLoads(db),
    ...taskLoads(db),
    ...jobLoads(db),
    ...environmentLoads(db),
    ...standingLoads(db),
    ...peopleLoads(db),
    ...alertLoads(db),
    ...releaseLoads(db),
    ...publicationLoads(db),
    ...ticketLoads(db),
    ...campaignLoads(db),
    ...signoffLoads(db),
    ...judgementLoads(db),
  };
}

import { momentOf } from "../core/expression/expression.ts";
import type { Instant } from "../core/time.ts";
import type { Ledger } from "./ledger.ts";

/** The end of the last run of the group; undefined while one of them has none. */
export async function newestEnd(ledger: Ledger, groupId: number): Promise<Instant | undefined> {
  const runs = await ledger.runs.all(await ledger.ask((loads) => loads.runsOfGroup(groupId)));
  const ends = runs.map((run) => momentOf(run.attributes, "end"));
  return ends.reduce<Instant | undefined>(
    (latest, end) => (latest === undefined || end === undefined ? undefined : Math.max(latest, end)),
    0,
  );
}

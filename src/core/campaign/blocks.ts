/** What keeps the tasks of a campaign from beginning, because of where the campaign is in its life. */
import { ITSELF } from "../history.ts";
import type { Waiting } from "../task/task.ts";
import type { CampaignStanding } from "./campaign.ts";

export function campaignBlocks(standing: CampaignStanding): (Omit<Waiting, "since"> & { readonly since?: number })[] {
  const why = whyNot(standing);
  if (why === undefined) return [];
  const { name, by, modifiedAt } = standing;
  const closed = { lock: "campaign" as const, detail: `campaign ${name} ${why}`, owner: by || ITSELF };
  // Of one that was never moved nobody knows since when.
  return [modifiedAt === 0 ? closed : { ...closed, since: modifiedAt }];
}

function whyNot({ state, by, reason, prepared, trouble }: CampaignStanding): string | undefined {
  switch (state) {
    case "running":
      if (prepared) return undefined;
      return trouble === null ? "is being prepared" : `cannot be prepared: ${trouble}`;
    case "paused":
      return `is paused by ${by}: ${reason ?? ""}`;
    case "draft":
      return "is a draft; start it first";
    default:
      return `is ${state}`;
  }
}

/** Staging tags that another campaign is using: two campaigns at once do not touch each other. */
import type { Campaign } from "../config/config.ts";
import { type CampaignStanding, takesRuns } from "./campaign.ts";
import { stagingTags } from "./tags.ts";

type Known = { readonly declared: Campaign; readonly standing: CampaignStanding };

/** A finished one still needs what it collected, until that is in its target tag. */
function usesStaging({ declared, standing }: Known): boolean {
  if (takesRuns(standing)) return true;
  const waits = standing.state === "finished" && declared.tags?.target !== undefined;
  return waits && standing.published?.attempt !== standing.attempt;
}

/** `t0-staging is used by campaign proc8, which is running`; undefined where nobody else uses them. */
export function stagingInUse(campaign: Campaign, others: readonly Known[]): string | undefined {
  const own = stagingTags(campaign);
  for (const other of others) {
    if (other.declared.name === campaign.name || !usesStaging(other)) continue;
    const shared = stagingTags(other.declared).find((tag) => own.includes(tag));
    if (shared !== undefined)
      return `${shared} is used by campaign ${other.declared.name}, which is ${other.standing.state}`;
  }
  return undefined;
}

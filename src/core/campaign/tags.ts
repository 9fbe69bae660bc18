/** Which global tags a campaign speaks of. */
import type { Campaign } from "../config/config.ts";

/** What a campaign that declares no tag has as one. */
const NONE = "none";

/**
 * The tag that a word of the configuration stands for within a campaign: `staging` of a workflow, `target`, `tag` (what its jobs
 * read), or a tag by its own name. Undefined where the campaign has none of that.
 */
export function tagNamed(campaign: Campaign, word: string, workflow?: string): string | undefined {
  switch (word) {
    case "staging":
      return stagingOf(campaign, workflow);
    case "target":
      return campaign.tags?.target;
    case "tag":
      return campaign.tag === NONE ? undefined : readTag(campaign);
    default:
      return word;
  }
}

/** The tag that jobs read: the campaign's own copy, where it asked for one. */
export function readTag(campaign: Campaign): string {
  return campaign.snapshot && campaign.tag !== NONE ? snapshotName(campaign) : campaign.tag;
}

/** The copy of a running tag, under a name of the campaign and of its attempt: what is made twice is the same. */
export function snapshotName({ tag, name, attempt }: Pick<Campaign, "tag" | "name" | "attempt">): string {
  return `${tag}-${name}-${attempt}`;
}

/** Whether a tag is the copy that a declared campaign made for one of its attempts: it is declared by that campaign. */
export function isSnapshot(campaigns: Readonly<Record<string, Campaign>>, tag: string): boolean {
  return Object.values(campaigns).some((campaign) => {
    if (!campaign.snapshot) return false;
    const attempts = Array.from({ length: campaign.attempt }, (_, index) => index + 1);
    return attempts.some((attempt) => snapshotName({ ...campaign, attempt }) === tag);
  });
}

/** Its staging tags, each once; where several have the same constants, the first counts. */
export function stagingTags({ tags }: Pick<Campaign, "tags">): string[] {
  return [...new Set(Object.values(tags?.staging ?? []))];
}

function stagingOf({ tags }: Campaign, workflow: string | undefined): string | undefined {
  const staging = tags?.staging ?? [];
  if (Array.isArray(staging)) return staging[0];
  const byWorkflow: Readonly<Record<string, string>> = { ...staging };
  return workflow !== undefined && Object.hasOwn(byWorkflow, workflow) ? byWorkflow[workflow] : undefined;
}

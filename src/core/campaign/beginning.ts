/** What is done to global tags when a campaign begins: its staging tags are empty or copies, and its snapshot is made. */
import type { TagChange } from "../conditions/change.ts";
import type { Span } from "../conditions/iov.ts";
import { BEGINNING } from "../conditions/moment.ts";
import type { TagRef } from "../conditions/tag.ts";
import type { Campaign } from "../config/config.ts";
import { snapshotName, stagingTags } from "./tags.ts";

export type TagStep = {
  readonly tag: TagRef;
  readonly change: TagChange;
  /** The same for the same step of the same attempt, so that doing it again is doing it once. */
  readonly key: string;
};

const EVER: Span = { from: BEGINNING, until: null };

/** @param existing names of the tags that the environment sees */
export function tagSteps(environment: string, campaign: Campaign, existing: ReadonlySet<string>): TagStep[] {
  const { name, attempt, tags, snapshot } = campaign;
  const step = (tag: string, change: TagChange): TagStep => ({
    tag: { environment, name: tag },
    change,
    key: `campaign ${environment} ${name} ${attempt} ${change.kind} ${tag}`,
  });
  const description = `staging of campaign ${name}`;
  const from = tags?.from === undefined ? undefined : { environment, name: tags.from };
  const staging = stagingTags(campaign).flatMap((tag) => {
    if (existing.has(tag)) {
      const empty = step(tag, { kind: "empty" });
      return from ? [empty, step(tag, { kind: "merge", of: [from], span: EVER })] : [empty];
    }
    return [
      step(
        tag,
        from
          ? { kind: "clone", of: from, description }
          : { kind: "create", description, upstream: tags?.target ?? null },
      ),
    ];
  });
  const copy = snapshotName(campaign);
  if (!snapshot || existing.has(copy)) return staging;
  const of = { environment, name: campaign.tag };
  const made = step(copy, {
    kind: "clone",
    of,
    description: `${campaign.tag} as campaign ${name} began, attempt ${attempt}`,
  });
  // Before anything is emptied: the tag that is copied may be one of those.
  return [made, ...staging];
}

/** `t0-staging is emptied`: what somebody who starts it is shown. */
export function stepInWords({ tag, change }: TagStep): string {
  switch (change.kind) {
    case "empty":
      return `${tag.name} is emptied`;
    case "merge":
      return `${tag.name} gets what ${change.of.map((one) => one.name).join(", ")} holds`;
    case "clone":
      return `${tag.name} is made as a copy of ${change.of.name}`;
    default:
      return `${tag.name} is made, empty`;
  }
}

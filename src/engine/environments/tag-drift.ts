/** Where the global tags of an environment are not as a configuration declares them. */
import { isSnapshot } from "../../core/campaign/tags.ts";
import { driftOf, type TagDrift } from "../../core/conditions/drift.ts";
import type { Config } from "../../core/config/config.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";

export type TagDriftParts = { readonly conditions: Pick<Conditions, "tags" | "counts"> };

/** Null where the conditions do not answer, so that it is not known. */
export async function tagDriftOf(
  { conditions }: TagDriftParts,
  { tags, campaigns }: Pick<Config, "tags" | "campaigns">,
  environment: string,
): Promise<TagDrift[] | null> {
  try {
    const stored = (await conditions.tags(environment)).filter(({ name }) => !isSnapshot(campaigns, name));
    const held: Record<string, string[]> = {};
    for (const tag of stored)
      if (Object.hasOwn(tags, tag.name)) held[tag.name] = [...(await conditions.counts(tag)).keys()];
    return driftOf(tags, stored, environment, held);
  } catch (error) {
    if (error instanceof ConditionsUnavailable) return null;
    throw error;
  }
}

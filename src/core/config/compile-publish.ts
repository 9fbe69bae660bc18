/** From the shapes of what a task publishes and wants of global tags to its rules: tags and payload types that there are. */
import { tagNamed } from "../campaign/tags.ts";
import type { ConditionsRule } from "../conditions/wanted.ts";
import type { Grouping } from "../group/grouping.ts";
import type { PublishRule } from "../publication/rule.ts";
import type { TaskDefinition, Workflow } from "../workflow/workflow.ts";
import type { Checker } from "./checker.ts";
import { checkTag, type KnownTags } from "./compile-tags.ts";
import type { Campaign } from "./config.ts";
import type { Path } from "./path.ts";
import type { ConditionsLockYaml, ConstantsYaml, PublishYaml } from "./publish-yaml.ts";
import type { Surroundings } from "./surroundings.ts";

type Around = { readonly check: Checker; readonly around: Surroundings; readonly grouping: Grouping };

/** What a campaign calls its tags: which ones they are is known once a task has a campaign. */
const OF_CAMPAIGN: ReadonlySet<string> = new Set(["tag", "staging", "target"]);

export function publishOf(raw: PublishYaml, path: Path, task: Around): PublishRule {
  const { payload: types, tag, wait, late, holds } = raw;
  checkRuns(path, task, "what is published holds for runs");
  checkTypes({ tag, types, path, key: "payload" }, task);
  return { types, tag, waitMs: wait, late, holds };
}

export function constantsOf(raw: ConstantsYaml, path: Path, task: Around): ConditionsRule {
  return conditionsOf(raw, path, task);
}

export function conditionsOf(raw: ConditionsLockYaml, path: Path, task: Around): ConditionsRule {
  const { tag, payloads: types, when: holding } = raw;
  checkRuns(path, task, "constants hold for runs");
  checkTypes({ tag, types, path, key: "payloads" }, task);
  return { tag, types, holding };
}

/** What tasks call `staging`, `target` and `tag` must be there, and have their types, in every campaign that carries runs through them. */
export function checkTagsOfCampaigns(
  { workflow, check }: { readonly workflow: Workflow; readonly check: Checker },
  campaigns: readonly Campaign[],
  known: KnownTags,
): void {
  const carrying = campaigns.filter(({ workflows }) => workflows === undefined || workflows.includes(workflow.name));
  for (const { path, key, tag: word, types } of workflow.tasks.flatMap(tagsSpokenOf)) {
    if (!OF_CAMPAIGN.has(word)) continue;
    for (const campaign of carrying) {
      // Its copy is made when the campaign is started, of the tag that is declared.
      const tag = tagNamed({ ...campaign, snapshot: false }, word, workflow.name);
      if (tag === undefined)
        check.report(
          [...path, "tag"],
          "unknown-reference",
          `the campaign ${campaign.name}, which carries runs through this workflow, names no ${word}`,
          `add it to campaigns/${campaign.name}.yaml (tag, tags.staging, tags.target), or write the name of a tag`,
        );
      else
        checkTag(
          check,
          { path: [...path, "tag"], tag, types: types.map((type, index) => ({ path: [...path, key, index], type })) },
          known,
        );
    }
  }
}

type SpokenOf = { readonly path: Path; readonly key: string; readonly tag: string; readonly types: readonly string[] };

function tagsSpokenOf({ name, publish, constants, locks }: TaskDefinition): SpokenOf[] {
  const at = ["tasks", name];
  return [
    ...(publish ? [{ path: [...at, "publish"], key: "payload", ...publish }] : []),
    ...(constants ? [{ path: [...at, "constants"], key: "payloads", ...constants }] : []),
    ...locks.flatMap((lock, index) =>
      lock.kind === "conditions" ? [{ path: [...at, "locks", index, "conditions"], key: "payloads", ...lock }] : [],
    ),
  ];
}

function checkRuns(path: Path, { check, grouping }: Around, why: string): void {
  if (grouping.by === "tick")
    check.report(path, "conflict", `${why}, and this workflow has none`, "leave it out, or change schedule");
}

function checkTypes(
  wanted: { tag: string; types: readonly string[]; path: Path; key: string },
  { check, around }: Around,
): void {
  const { tag, types, path, key } = wanted;
  types.forEach((type, index) => {
    if (types.indexOf(type) !== index)
      check.report([...path, key, index], "conflict", `${type} stands here twice`, "write it once");
  });
  if (OF_CAMPAIGN.has(tag)) return;
  const places = types.map((type, index) => ({ path: [...path, key, index], type }));
  checkTag(check, { path: [...path, "tag"], tag, types: places }, around.tags);
}

/** From the shapes of what a task publishes and wants of global tags to its rules: tags and payload types that there are. */
import type { ConditionsRule } from "../conditions/wanted.ts";
import type { Grouping } from "../group/grouping.ts";
import type { PublishRule } from "../publication/rule.ts";
import type { Checker } from "./checker.ts";
import { checkTag } from "./compile-tags.ts";
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

/** From the shape of a campaign's file to the campaign: what it refers to is there, and what it says goes together. */
import type { z } from "zod";
import { LABEL, LABEL_PLACES, labelOf } from "../campaign/label.ts";
import { stagingTags } from "../campaign/tags.ts";
import { namesIn } from "../template.ts";
import type { campaignYaml } from "./campaign-yaml.ts";
import type { Checker, Parsed } from "./checker.ts";
import { checkTag, type KnownTags } from "./compile-tags.ts";
import type { Campaign } from "./config.ts";
import type { Path } from "./path.ts";
import { name as nameOfThing } from "./values.ts";

export type AroundCampaign = {
  readonly workflows: readonly string[];
  readonly executors: readonly string[];
  /** People and roles; undefined where any name will do. */
  readonly owners: ReadonlySet<string> | undefined;
  readonly tags: KnownTags;
};

export function campaignOf(
  name: string,
  { value, check }: Parsed<z.output<typeof campaignYaml>>,
  around: AroundCampaign,
): Campaign {
  const { workflows, executors, owners } = around;
  const campaign = { ...value, name };
  value.workflows?.forEach((workflow, index) => {
    check.reference(["workflows", index], workflow, workflows, `there is no workflow ${workflow}`);
  });
  const own = value.workflows ?? workflows;
  const carried = (path: PropertyKey[], workflow: string) =>
    check.reference(path, workflow, own, `${workflow} is no workflow of this campaign`);
  for (const [workflow, expert] of Object.entries(value.experts)) {
    carried(["experts", workflow], workflow);
    if (owners) check.reference(["experts", workflow], expert, owners, `no person or role is called ${expert}`);
  }
  if (owners && value.manager !== undefined)
    check.reference(["manager"], value.manager, owners, `no person or role is called ${value.manager}`);
  if (value.executor !== undefined)
    check.reference(["executor"], value.executor, executors, `no executor is called ${value.executor}`);
  checkTags(campaign, check, around);
  for (const workflow of Object.keys(stagingByWorkflow(value))) carried(["tags", "staging", workflow], workflow);
  checkLabel(campaign, check);
  return campaign;
}

function checkTags(campaign: Campaign, check: Checker, { tags: known }: AroundCampaign): void {
  const { tag, tags, snapshot, start } = campaign;
  const named = (path: Path, name: string | undefined) => {
    if (name !== undefined) checkTag(check, { path, tag: name }, known);
  };
  named(["tag"], tag === "none" ? undefined : tag);
  named(["tags", "target"], tags?.target);
  named(["tags", "from"], tags?.from);
  // A single one may stand there without a list.
  for (const [key, name] of Object.entries(tags?.staging ?? {}))
    named(["tags", "staging", Array.isArray(tags?.staging) ? Number(key) : key], name);
  if (tags?.target !== undefined && stagingTags(campaign).includes(tags.target))
    check.report(
      ["tags", "target"],
      "conflict",
      `${tags.target} is a staging tag of this campaign, too`,
      "write the tag that the staging tags are merged into",
    );
  if (snapshot && start === undefined)
    check.report(
      ["snapshot"],
      "conflict",
      "the copy is made when the campaign is started, and nothing says when that is",
      'add start: manual, or start: "at once"',
    );
  if (snapshot && tag === "none")
    check.report(["snapshot"], "conflict", "there is no tag to take a copy of", "add tag, or leave snapshot out");
}

function stagingByWorkflow({ tags }: Pick<Campaign, "tags">): Readonly<Record<string, string>> {
  return tags === undefined || Array.isArray(tags.staging) ? {} : (tags.staging as Readonly<Record<string, string>>);
}

function checkLabel(campaign: Campaign, check: Checker): void {
  check.places(["label"], campaign.label, LABEL_PLACES);
  const places: readonly string[] = LABEL_PLACES;
  // A name that is none was told of where the file is.
  const named = nameOfThing.safeParse(campaign.name).success ? campaign : { ...campaign, name: "x" };
  if (namesIn(campaign.label).some(({ name }) => !places.includes(name)) || LABEL.test(labelOf(named))) return;
  check.report(
    ["label"],
    "wrong-value",
    `the label would be "${labelOf(campaign)}"`,
    "write one of letters, digits, dots, hyphens, _ and +, at most 80: it stands in names of files",
  );
}

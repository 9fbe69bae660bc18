/** What changed around the workflows: `calops.yaml`, run types and campaigns. */
import type { DeclaredTag } from "../conditions/declared.ts";
import type { Campaign, Config, ExecutorConfig, RunType, SourceConfig } from "../config/config.ts";
import { optionChanges, textsIn } from "./options.ts";
import {
  each,
  type NamedChanges,
  namedChanges,
  type SettingChange,
  type Settings,
  settingChanges,
  settings,
} from "./settings.ts";
import { length, runs, size } from "./written.ts";

export type ExperimentChanges = {
  /** Of `calops.yaml` as a whole. */
  readonly settings: readonly SettingChange[];
  readonly attributes: NamedChanges;
  readonly sources: NamedChanges;
  readonly executors: NamedChanges;
  readonly runTypes: NamedChanges;
  readonly campaigns: NamedChanges;
  /** Left out of plans that were made before there were global tags. */
  readonly tags?: NamedChanges;
};

/** Ids of contents by path. */
export type Contents = ReadonlyMap<string, string>;

/** @param contents a source may be a script of the repository, or read one of its files */
export function experimentChanges(
  before: Config,
  after: Config,
  contents: { readonly before: Contents; readonly after: Contents },
): ExperimentChanges {
  return {
    settings: [
      ...settingChanges(experimentSettings(before), experimentSettings(after)),
      ...optionChanges("tickets", trackerOf(before), trackerOf(after)),
    ],
    attributes: namedChanges(before.attributes, after.attributes, (old, now) =>
      settingChanges([["type", old]], [["type", now]]),
    ),
    sources: namedChanges(before.sources, after.sources, (old, now) => sourceChanges(old, now, contents)),
    executors: namedChanges(before.executors, after.executors, executorChanges),
    runTypes: namedChanges(before.runTypes ?? {}, after.runTypes ?? {}, (old, now) =>
      settingChanges(runTypeSettings(old), runTypeSettings(now)),
    ),
    campaigns: namedChanges(before.campaigns, after.campaigns, (old, now) =>
      settingChanges(campaignSettings(old), campaignSettings(now)),
    ),
    tags: namedChanges(before.tags, after.tags, (old, now) => settingChanges(tagSettings(old), tagSettings(now))),
  };
}

function experimentSettings({ experiment, channel, cards, conditions, logs, work, runRules }: Config): Settings {
  return [
    ...settings([
      ["experiment", experiment],
      ["defaults.channel", channel],
      ["cards.channel", cards?.channel],
      ["conditions.major", conditions.major.text],
      ["conditions.minor", conditions.minor.text],
      ["logs.keep", length(logs.keep)],
      ["logs.limit", size(logs.limit)],
      ["work.keep", length(work.keep)],
    ]),
    ...each("cards.workflows", cards?.workflows ?? []),
    ...each("cards.campaigns", cards?.campaigns ?? []),
    ...each(
      "runs.rules why",
      runRules.checks.map(({ why }) => why),
    ),
  ];
}

function trackerOf({ tickets }: Config): unknown {
  return tickets && { [tickets.kind]: tickets.options, accounts: tickets.accounts };
}

/** Files of the repository that a source may name. */
export function filesOfSource({ options }: SourceConfig): string[] {
  return [...new Set(textsIn(options).map((text) => text.replace(/^\.\//, "")))];
}

function sourceChanges(
  before: SourceConfig,
  after: SourceConfig,
  contents: { readonly before: Contents; readonly after: Contents },
): SettingChange[] {
  const plain = ({ kind, everyMs, fields }: SourceConfig) => [
    ...settings([
      ["kind", kind],
      ["every", length(everyMs)],
    ]),
    ...Object.entries(fields ?? {}).map(([name, { text }]) => [`fields.${name}`, text] as const),
  ];
  const files = (source: SourceConfig, ids: Contents): Settings =>
    settings(filesOfSource(source).map((path) => [`content of ${path}`, ids.get(path)?.slice(0, 8)] as const));
  return [
    ...settingChanges(plain(before), plain(after)),
    ...optionChanges(after.kind, before.options, after.options),
    ...settingChanges(files(before, contents.before), files(after, contents.after)),
  ];
}

function executorChanges(before: ExecutorConfig, after: ExecutorConfig): SettingChange[] {
  const plain = ({ kind, limit }: ExecutorConfig) =>
    settings([
      ["kind", kind],
      ["limit", limit],
    ]);
  return [...settingChanges(plain(before), plain(after)), ...optionChanges(after.kind, before.options, after.options)];
}

/** Its filter is judged. */
function runTypeSettings({ workflows }: RunType): Settings {
  return each("workflows", workflows);
}

function campaignSettings(campaign: Campaign): Settings {
  return [
    ...settings([
      ["description", campaign.description],
      ["kind", campaign.kind],
      ["runs", campaign.runs ? runs(campaign.runs) : "all"],
      ["release", campaign.release],
      ["tag", campaign.tag],
      ["priority", campaign.priority],
      ["snapshot", campaign.snapshot ? "yes" : undefined],
      ["attempt", campaign.attempt],
      ["label", campaign.label],
      ["start", campaign.start],
      ["manager", campaign.manager],
      ["executor", campaign.executor],
      ["keep", campaign.keep],
      ["tickets", campaign.tickets ? "yes" : undefined],
      ["tags.target", campaign.tags?.target],
      ["tags.from", campaign.tags?.from],
    ]),
    ...each("workflows", campaign.workflows ?? ["all"]),
    ...each("tags.staging", stagingWords(campaign)),
    ...each(
      "experts",
      Object.entries(campaign.experts).map(([workflow, expert]) => `${workflow}: ${expert}`),
    ),
  ];
}

function tagSettings({ description, state, upstream, firstRun, types }: DeclaredTag): Settings {
  return [
    ...settings([
      ["description", description],
      ["state", state],
      ["upstream", upstream ?? undefined],
      ["first-run", firstRun ?? undefined],
    ]),
    ...Object.entries(types).map(
      ([type, one]) => [`types.${type}`, `${one.description}${one.oneRun ? ", for one run only" : ""}`] as const,
    ),
  ];
}

function stagingWords({ tags }: Campaign): string[] {
  const staging = tags?.staging ?? [];
  if (Array.isArray(staging)) return staging;
  return Object.entries(staging).map(([workflow, tag]) => `${workflow}: ${tag}`);
}

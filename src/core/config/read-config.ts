/** The files of a config repository -> the configuration, or every mistake in it at once. */
import type { z } from "zod";
import { DEFAULT_ALERTS } from "../alert/rules.ts";
import type { Scope } from "../expression/types.ts";
import { BUILT_IN_ATTRIBUTES } from "../run/record.ts";
import { alertsYaml } from "./alerts-yaml.ts";
import { calopsYaml } from "./calops-yaml.ts";
import { campaignYaml } from "./campaign-yaml.ts";
import { checkSignoffLocks } from "./check-signoff-locks.ts";
import type { Parsed } from "./checker.ts";
import { alertRulesOf } from "./compile-alerts.ts";
import {
  checkCards,
  executorsOf,
  keepingOf,
  momentRuleOf,
  runRulesOf,
  sourcesOf,
  trackerOf,
} from "./compile-calops.ts";
import { campaignOf } from "./compile-campaign.ts";
import { checkMirrorChannel } from "./compile-environments.ts";
import { rotasOf } from "./compile-oncall.ts";
import { checkRoleWorkflows } from "./compile-people.ts";
import { checkTagsOfCampaigns } from "./compile-publish.ts";
import { stagesOf } from "./compile-stages.ts";
import { tagsOf } from "./compile-tags.ts";
import { compileWorkflow } from "./compile-workflow.ts";
import type { Campaign, Config, RunType } from "./config.ts";
import { checkForCycles } from "./cycles.ts";
import { type Issue, inReadingOrder } from "./issue.ts";
import type { Kinds } from "./kinds.ts";
import { inOrderOfNeeds } from "./order.ts";
import { fileReader } from "./read-file.ts";
import { readRulesAndPeople } from "./read-rules.ts";
import { runtypesYaml } from "./runtypes-yaml.ts";
import { type Surroundings, scopesOf } from "./surroundings.ts";
import { tagYaml } from "./tag-yaml.ts";
import { name as nameOfThing } from "./values.ts";
import { workflowYaml } from "./workflow-yaml.ts";

/** A config repository as it stands at one commit. */
export type ConfigFiles = {
  /** The YAML files that configure something, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every file, by path, with whether it may be executed. */
  readonly programs: ReadonlyMap<string, boolean>;
};

export type ConfigReading =
  | { readonly config: Config; readonly issues?: undefined }
  | { readonly config?: undefined; readonly issues: readonly Issue[] };

export function readConfig(files: ConfigFiles, kinds: Kinds): ConfigReading {
  if (!files.texts.has("calops.yaml")) return { issues: [NO_CALOPS_YAML] };
  const issues: Issue[] = [];
  const read = fileReader(files.texts, issues);
  const calops = read("calops.yaml", calopsYaml(kinds));
  const { rules, rights, people, environments } = readRulesAndPeople(read, files.texts, kinds);
  const alerts = read("alerts.yaml", alertsYaml);
  const runtypes = read("runtypes.yaml", runtypesYaml);
  const campaigns = readEach(/^campaigns\/([^/]+)\.yaml$/, campaignYaml);
  const tagFiles = readEach(/^tags\/([^/]+)\.yaml$/, tagYaml);
  const workflows = readEach(/^workflows\/([^/]+)\/workflow\.yaml$/, workflowYaml);
  // What everything else may refer to is unknown then, and a guess would find mistakes where there are none.
  if (!calops) return { issues: inReadingOrder(issues) };

  // What refers to something is checked even where another file is broken, so that one round mends everything.
  const attributes = { ...BUILT_IN_ATTRIBUTES, ...calops.value.runs.attributes };
  const executors = executorsOf(calops.value, kinds.executors);
  const tags = tagsOf(tagFiles);
  const rotas = people ? rotasOf(people, files.texts, issues) : {};
  const unreadable = !people && files.texts.has("people.yaml");
  const reachable = {
    people: unreadable ? undefined : Object.keys(people?.value.people ?? {}),
    rotas: unreadable ? undefined : Object.keys(rotas),
  };
  const around: Surroundings = {
    attributes,
    defaults: calops.value.defaults,
    executors: Object.keys(executors),
    owners:
      people &&
      new Set([...Object.keys(people.value.people), ...Object.values(people.value.people).flatMap((p) => p.roles)]),
    holders: people && holdersIn(people.value.people),
    ...reachable,
    tasks: new Map(workflows.map(({ name, parsed }) => [name, parsed && Object.keys(parsed.value.tasks)])),
    stages: Object.fromEntries(Object.entries(calops.value.stages).map(([name, { of }]) => [name, of])),
    tags,
    programs: files.programs,
    scopes: scopesOf(attributes),
  };
  const readable = workflows.flatMap(({ name, parsed }) => (parsed ? [{ name, ...parsed }] : []));
  const compiled = readable.map(({ name, value, check }) => compileWorkflow(name, value, check, around));
  checkForCycles(readable);
  checkSignoffLocks(readable);

  const names = workflows.map(({ name }) => name);
  const runTypes = runtypes && runTypesOf(runtypes, around.scopes.run, names);
  const declared = campaigns.flatMap(({ name, parsed }) =>
    parsed ? [campaignOf(name, parsed, { ...around, workflows: names })] : [],
  );
  const passes = campaigns.length > 0 ? declared : [PROMPT];
  for (const [index, workflow] of compiled.entries()) {
    const check = readable[index]?.check;
    if (check) checkTagsOfCampaigns({ workflow, check }, passes, tags);
  }
  const runRules = runRulesOf(calops, attributes, around.scopes.run);
  const sources = sourcesOf(calops, Object.keys(kinds.sources), attributes);
  const conditions = momentRuleOf(calops, around.scopes.run);
  const keeping = keepingOf(calops, Object.keys(kinds.conditions ?? {}));
  const tickets = trackerOf(calops, Object.keys(kinds.tickets ?? {}), around.people);
  const stages = stagesOf(calops, around, around.scopes.run);
  const { channel } = calops.value.defaults;
  if (people) checkRoleWorkflows(people, names);
  checkCards(calops, {
    workflows: names,
    campaigns: campaigns.length > 0 ? campaigns.map(({ name }) => name) : [PROMPT.name],
  });
  const alertRules = alerts ? alertRulesOf(alerts, { workflows: names, ...reachable }) : DEFAULT_ALERTS;
  if (environments)
    checkMirrorChannel(environments, {
      channel,
      cards: calops.value.cards,
      alerts: alertRules,
      workflows: byName(compiled),
    });

  if (issues.length > 0) return { issues: inReadingOrder(issues) };
  return {
    config: {
      experiment: calops.value.experiment,
      attributes,
      runRules,
      sources,
      executors,
      chats: Object.fromEntries(Object.entries(calops.value.chats).filter(([, options]) => options !== undefined)),
      logs: calops.value.logs,
      work: calops.value.work,
      channel,
      cards: calops.value.cards,
      runTypes,
      people: people?.value.people ?? {},
      rights,
      rotas,
      alerts: alertRules,
      environments: rules,
      conditions,
      keeping,
      tags: byName([...tags.values()].flatMap((tag) => tag ?? [])),
      tickets,
      stages,
      campaigns: byName(passes),
      workflows: byName(inOrderOfNeeds(compiled)),
    },
  };

  /** The files whose path gives them their name. */
  function readEach<Schema extends z.ZodType>(paths: RegExp, schema: Schema) {
    return [...files.texts.keys()].flatMap((path) => {
      const name = paths.exec(path)?.[1];
      if (name === undefined) return [];
      if (!nameOfThing.safeParse(name).success)
        issues.push({ file: path, ...BAD_PATH, what: `"${name}" is not a name` });
      return [{ name, parsed: read(path, schema) }];
    });
  }
}

const NO_CALOPS_YAML: Issue = {
  file: "calops.yaml",
  line: 1,
  column: 1,
  code: "missing-file",
  what: "the file is missing",
  instead: "write at least experiment: NAME, or start from calops init",
};

const BAD_PATH = {
  line: 1,
  column: 1,
  code: "bad-name",
  instead: "rename it with lower-case letters, digits and inner hyphens, at most 40",
} as const;

/** What an experiment has that declares no campaign: runs come as they are taken, and every workflow takes them. */
const PROMPT: Campaign = { ...campaignYaml.parse({ kind: "prompt" }), name: "prompt" };

/** Everybody whom a name means: a person, or those who have a role. */
function holdersIn(people: Config["people"]): (name: string) => string[] {
  return (name) =>
    Object.entries(people).flatMap(([id, { roles }]) => (id === name || roles.includes(name) ? [id] : []));
}

function byName<Thing extends { readonly name: string }>(things: readonly Thing[]): Record<string, Thing> {
  return Object.fromEntries(things.map((thing) => [thing.name, thing]));
}

function runTypesOf(
  { value, check }: Parsed<z.output<typeof runtypesYaml>>,
  within: Scope,
  workflows: readonly string[],
): Record<string, RunType> {
  return Object.fromEntries(
    Object.entries(value).map(([name, type]) => {
      type.workflows.forEach((workflow, index) => {
        check.reference([name, "workflows", index], workflow, workflows, `there is no workflow ${workflow}`);
      });
      return [
        name,
        { filter: check.expression([name, "filter"], type.filter, within, "bool"), workflows: type.workflows },
      ];
    }),
  );
}

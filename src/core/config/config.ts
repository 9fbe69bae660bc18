/** The whole configuration of an experiment at one commit: checked, and with every expression compiled. */

import { type AlertRules, channelsOf } from "../alert/rules.ts";
import { addressesOf } from "../chat/channel.ts";
import type { DeclaredTag } from "../conditions/declared.ts";
import type { MomentRule } from "../conditions/moment-of.ts";
import type { EnvironmentRules } from "../environment/rules.ts";
import type { Expression } from "../expression/expression.ts";
import type { AttributeTypes } from "../expression/types.ts";
import type { CardRules } from "../group/card-rules.ts";
import type { Rota } from "../oncall/rota.ts";
import type { Rights } from "../permission/rights.ts";
import type { RunRules } from "../run/record.ts";
import type { Stage } from "../stage/stage.ts";
import type { TaskDefinition, Workflow } from "../workflow/workflow.ts";
import type { CalopsYaml } from "./calops-yaml.ts";
import type { CampaignYaml } from "./campaign-yaml.ts";
import type { PeopleYaml } from "./people-yaml.ts";

export type Config = {
  readonly experiment: string;
  readonly attributes: AttributeTypes;
  readonly runRules: RunRules;
  readonly sources: Readonly<Record<string, SourceConfig>>;
  readonly executors: Readonly<Record<string, ExecutorConfig>>;
  readonly logs: CalopsYaml["logs"];
  readonly work: CalopsYaml["work"];
  /** Chats that are used, with the options of each. */
  readonly chats: Readonly<Record<string, unknown>>;
  readonly channel: string;
  /** Groups that have a message each; undefined where none has. */
  readonly cards: CardRules | undefined;
  /** Undefined where there is no `runtypes.yaml`: then every workflow takes what its `select` says. */
  readonly runTypes: Readonly<Record<string, RunType>> | undefined;
  readonly people: PeopleYaml["people"];
  readonly rights: Rights;
  readonly rotas: Readonly<Record<string, Rota>>;
  readonly alerts: AlertRules;
  /** As this commit would have them; those in force stand at the head of the protected branch. */
  readonly environments: EnvironmentRules;
  readonly conditions: MomentRule;
  readonly keeping: Keeping;
  readonly tags: Readonly<Record<string, DeclaredTag>>;
  readonly campaigns: Readonly<Record<string, Campaign>>;
  readonly workflows: Readonly<Record<string, Workflow>>;
  /** Where tickets are kept, with its options, and what it calls people; undefined where there is nothing. */
  readonly tickets: TrackerConfig | undefined;
  /** Data sets that tasks may wait for. */
  readonly stages: Readonly<Record<string, Stage>>;
};

/** One kind of source or executor with the options that its adapter declared and checked. */
export type SourceConfig = {
  readonly kind: string;
  readonly options: unknown;
  readonly everyMs: number;
  /** Attribute (or `number`) by expression over `record`; the record's own fields by name when undefined. */
  readonly fields: Readonly<Record<string, Expression>> | undefined;
};

export type ExecutorConfig = { readonly kind: string; readonly options: unknown; readonly limit?: number | undefined };

/** Where conditions are kept and served. */
export type Keeping = {
  /** Undefined where they are not served over REST. Nobody changes anything there without the secret of this name. */
  readonly rest: { readonly secret: string | undefined } | undefined;
  /** Undefined where the bot keeps them itself. */
  readonly server: { readonly kind: string; readonly options: unknown } | undefined;
};

export type TrackerConfig = {
  readonly kind: string;
  readonly options: unknown;
  readonly accounts: Readonly<Record<string, string>>;
};

export type RunType = { readonly filter: Expression; readonly workflows: readonly string[] };

export type Campaign = CampaignYaml & { readonly name: string };

/** The workflows that a campaign carries its runs through. */
export function workflowsOf(config: Config, campaign: Campaign): Workflow[] {
  const names = campaign.workflows ?? Object.keys(config.workflows);
  return names.flatMap((name) => config.workflows[name] ?? []);
}

/** The channels of a chat that messages go to by themselves, each once. */
export function addressesIn({ channel, workflows, alerts }: Config, chat: string): string[] {
  const own = Object.values(workflows).flatMap((one) => [one.channel, ...one.tasks.flatMap(escalationsOf)]);
  const all = [channel, ...own, ...channelsOf(alerts)];
  return [...new Set(all.flatMap((one) => addressesOf(one, [chat])).map((one) => one.channel))];
}

function escalationsOf({ signoff }: TaskDefinition): string[] {
  const to = signoff?.escalate?.to;
  return to && "channel" in to ? [to.channel] : [];
}

/** Tasks of other workflows (or the same) that need a task: whom to tell when it ends. */
export function dependentsOf(config: Config, workflow: string, task: string): { workflow: Workflow; task: string }[] {
  return Object.values(config.workflows).flatMap((candidate) =>
    candidate.tasks
      .filter((definition) => definition.needs.some((need) => need.workflow === workflow && need.task === task))
      .map((definition) => ({ workflow: candidate, task: definition.name })),
  );
}

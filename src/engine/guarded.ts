/**
 * Operations as one person may do them for one command: which workflow and environment something belongs to shows only when it
 * is about to be changed, and is asked of the store then. Whatever is added to a port needs a guard here before it compiles.
 */

import type { Matcher } from "../core/alert/silence.ts";
import type { CampaignRequest } from "../core/campaign/request.ts";
import type { Actor } from "../core/command/command.ts";
import { type Config, workflowsOf } from "../core/config/config.ts";
import { PRODUCTION } from "../core/environment/environment.ts";
import { EVERY, may } from "../core/permission/may.ts";
import { NotAllowed } from "../core/permission/not-allowed.ts";
import type { Guarded } from "../core/permission/rights.ts";
import { releaseRuleOf } from "../core/workflow/workflow.ts";
import type { Campaigns } from "../ports/campaigns.ts";
import type { Duty } from "../ports/duty.ts";
import type { Environments } from "../ports/environments.ts";
import type { HoldsOf, Operations, SignoffOf } from "../ports/operations.ts";
import type { Queries } from "../ports/queries.ts";
import type { TagOperations } from "../ports/tag-operations.ts";

/** What an operation is about to change. */
type Touched = { readonly environment: string; readonly workflow: string | typeof EVERY };

/** `free`: it changes nothing that belongs to a workflow or an environment. */
type Guards<Port> = {
  readonly [Name in keyof Port]-?: Port[Name] extends (...given: infer Given) => unknown
    ? "free" | ((...given: Given) => readonly Touched[] | Promise<readonly Touched[]>)
    : never;
};

export type GuardParts = {
  readonly queries: Pick<Queries, "tasks" | "groups" | "groupsOfRun" | "alertsById" | "silence" | "signoffs">;
  /** What runs in an environment. */
  readonly config: (environment: string) => Config;
};

export type PersonsDeeds = {
  readonly operations: Operations;
  readonly environments: Environments;
  readonly duty: Duty;
  readonly campaigns: Campaigns;
  readonly tags: TagOperations;
};

export function deedsOf(deeds: PersonsDeeds, parts: GuardParts, actor: Actor, command: Guarded): PersonsDeeds {
  const allow = (touched: Touched) => {
    const permission = may(actor, { command, ...touched });
    if (!permission.ok) throw new NotAllowed(permission.why);
  };
  return {
    operations: guarded(deeds.operations, operationGuards(parts), allow),
    environments: guarded(deeds.environments, ENVIRONMENT_GUARDS, allow),
    duty: guarded(deeds.duty, dutyGuards(parts), allow),
    campaigns: guarded(deeds.campaigns, campaignGuards(parts), allow),
    tags: guarded(deeds.tags, TAG_GUARDS, allow),
  };
}

function operationGuards({ queries, config }: GuardParts): Guards<Operations> {
  const ofTasks = async (ids: readonly number[]) =>
    (await queries.tasks([...new Set(ids)])).map(({ environment, workflow }) => ({ environment, workflow }));
  const ofTask = (id: number) => ofTasks([id]);
  const ofSignoff = async (of: SignoffOf) =>
    "task" in of
      ? await ofTask(of.task)
      : (await queries.signoffs([of.signoff])).map(({ environment, workflow }) => ({ environment, workflow }));
  /** A run is in many groups, and in those of production at least. */
  const ofRun = () => [{ environment: PRODUCTION, workflow: EVERY } as const];
  const ofHolds = async ({ environment, run, workflow }: HoldsOf) =>
    (await queries.groupsOfRun(run))
      .filter((group) => group.environment === environment && (workflow ?? group.workflow) === group.workflow)
      .filter((group) => releaseRuleOf(config(environment).workflows[group.workflow]) !== undefined)
      .map((group) => ({ environment, workflow: group.workflow }));
  const ofWorkflow = (environment: string, workflow: string) => [{ environment, workflow }];
  return {
    holdTask: ofTask,
    releaseTask: ofTask,
    holdRun: ofRun,
    releaseRun: ofRun,
    retry: ofTask,
    publishAgain: ofTask,
    skip: ofTask,
    reprocess: ofTasks,
    consequences: ofTasks,
    approve: ofSignoff,
    reject: ofSignoff,
    revoke: ofSignoff,
    pause: ofWorkflow,
    resume: ofWorkflow,
    closeGroup: async (id) =>
      (await queries.groups([id])).map(({ environment, workflow }) => ({ environment, workflow })),
    inject: (environment, name) => ofCampaign(config(environment), environment, name),
    releaseHolds: "free",
    askRelease: ofHolds,
    remember: "free",
    condition: "free",
  };
}

/** Every workflow that it carries its runs through. */
function ofCampaign(config: Config, environment: string, name: string): readonly Touched[] {
  const campaign = Object.hasOwn(config.campaigns, name) ? config.campaigns[name] : undefined;
  const workflows = campaign ? workflowsOf(config, campaign) : [];
  return workflows.length === 0
    ? [{ environment, workflow: EVERY }]
    : workflows.map((workflow) => ({ environment, workflow: workflow.name }));
}

function campaignGuards({ config }: GuardParts): Guards<Campaigns> {
  const whole = (environment: string, name: string) => ofCampaign(config(environment), environment, name);
  /** It is for production, whatever else it is tried in. */
  const requested = ({ workflows }: CampaignRequest) =>
    workflows.length === 0
      ? [{ environment: PRODUCTION, workflow: EVERY } as const]
      : workflows.map((workflow) => ({ environment: PRODUCTION, workflow }));
  return {
    planRequest: requested,
    request: requested,
    start: whole,
    pause: whole,
    resume: whole,
    finish: whole,
    publishing: "free",
    tickets: "free",
    publish: whole,
    archive: whole,
  };
}

function dutyGuards({ queries }: GuardParts): Guards<Duty> {
  const ofAlert = async (id: number) =>
    (await queries.alertsById([id])).map(({ environment, workflow }) => ({ environment, workflow }));
  /** It is about every workflow, and about every environment, that it does not leave out. */
  const ofMatchers = (matchers: readonly Matcher[]): readonly Touched[] => {
    const named = (what: Matcher["what"]) =>
      matchers.find((one) => one.what === what && !one.value.includes("*"))?.value;
    return [{ environment: named("environment") ?? PRODUCTION, workflow: named("workflow") ?? EVERY }];
  };
  return {
    acknowledge: ofAlert,
    unacknowledge: ofAlert,
    silence: ({ matchers }) => ofMatchers(matchers),
    unsilence: async (id) => ofMatchers((await queries.silence(id))?.matchers ?? []),
    subscribe: "free",
    unsubscribe: "free",
    digest: "free",
  };
}

const whole = (environment: string) => [{ environment, workflow: EVERY } as const];

const ENVIRONMENT_GUARDS: Guards<Environments> = {
  deploy: ({ environment }) => whole(environment),
  rollback: ({ environment }) => whole(environment),
  freeze: whole,
  unfreeze: whole,
  lock: whole,
  unlock: whole,
  describe: "free",
  config: "free",
  plan: "free",
  checkNewest: "free",
  resolve: "free",
};

/** What a tag holds is for every workflow. */
const TAG_GUARDS: Guards<TagOperations> = {
  preview: ({ environment }) => whole(environment),
  resumed: "free",
  change: ({ environment }) => whole(environment),
  export: ({ environment }) => whole(environment),
  keep: (_type, _file, environment) => whole(environment),
};

type Deed = (...given: never[]) => unknown;

function guarded<Port extends object>(port: Port, guards: Guards<Port>, allow: (touched: Touched) => void): Port {
  const names = Object.keys(guards) as (keyof Port)[];
  const deeds = names.map((name) => {
    const deed = (port[name] as Deed).bind(port);
    const guard = guards[name] as "free" | Deed;
    if (guard === "free") return [name, deed];
    const asked = async (...given: never[]) => {
      for (const touched of (await guard(...given)) as readonly Touched[]) allow(touched);
      return await deed(...given);
    };
    return [name, asked];
  });
  return Object.fromEntries(deeds);
}

/**
 * The tickets of a campaign: one for each workflow, for whoever it is of, blocking the workflows that need it; and one for the whole,
 * which all of them block. How they stand follows from how the tasks stand, so whatever is missed is made good by the next look.
 */
import { type Campaign, type Config, workflowsOf } from "../config/config.ts";
import { type Block, fields, say } from "../say.ts";
import type { TicketState, TicketWish } from "../ticket/ticket.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { CampaignStanding } from "./campaign.ts";

export type CampaignTicket = {
  readonly wish: TicketWish;
  readonly state: TicketState;
  /** Why it is in this state, for the history. */
  readonly why: string;
};

type Count = { readonly campaign: string; readonly workflow: string; readonly state: string; readonly count: number };

export type CampaignToTicket = {
  readonly config: Config;
  readonly campaign: Campaign;
  readonly standing: CampaignStanding;
  readonly counts: readonly Count[];
  /** Two installations may write into one tracker. */
  readonly instance: string;
};

/** In an order in which what is held back comes before what holds it. Nothing for a draft, and for a campaign without an end. */
export function campaignTickets({ config, campaign, standing, counts, instance }: CampaignToTicket): CampaignTicket[] {
  if (!campaign.tickets || campaign.kind === "prompt" || standing.attempt === 0) return [];
  const attempt = Math.max(standing.attempt, 1);
  const whole = `${instance} campaign ${campaign.name} ${attempt}`;
  const keyOf = (workflow: string) => `${whole} ${workflow}`;
  const workflows = workflowsOf(config, campaign);
  const states = workflows.map((workflow) => stateOf(workflow, standing, counts));
  const parts = workflows.map((workflow, index): CampaignTicket => {
    const needing = workflows.filter((other) => other !== workflow && needs(other, workflow));
    return {
      wish: {
        key: keyOf(workflow.name),
        title: `${campaign.name}: ${workflow.name}`,
        body: [say`${workflow.description}`, ...bodyOf(campaign, attempt)],
        assignee: campaign.experts[workflow.name] ?? workflow.owner,
        blocks: [whole, ...needing.map(({ name }) => keyOf(name))],
      },
      ...(states[index] ?? { state: "open", why: "nothing of it has begun" }),
    };
  });
  const main: CampaignTicket = {
    wish: {
      key: whole,
      title: `Campaign ${campaign.name}${attempt > 1 ? `, attempt ${attempt}` : ""}`,
      body: bodyOf(campaign, attempt),
      assignee: campaign.manager ?? null,
      blocks: [],
    },
    ...wholeOf(standing, parts),
  };
  return [main, ...parts.reverse()];
}

function bodyOf(campaign: Campaign, attempt: number): Block[] {
  const { description, release, tag, runs } = campaign;
  return [
    ...(description === undefined ? [] : [say`${description}`]),
    fields({
      campaign: campaign.name,
      attempt,
      release,
      "global tag": tag,
      runs:
        runs?.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(", ") ??
        "those that are injected",
    }),
    say`calops keeps this ticket as the campaign is. How far it is: campaign progress ${campaign.name}`,
  ];
}

function needs(workflow: Workflow, needed: Workflow): boolean {
  return workflow.tasks.some((task) => task.needs.some((need) => need.workflow === needed.name));
}

type Standing = Pick<CampaignTicket, "state" | "why">;

function stateOf({ name }: Workflow, standing: CampaignStanding, counts: readonly Count[]): Standing {
  if (isOver(standing)) return { state: "done", why: `the campaign is ${standing.state}` };
  const of = (...states: string[]) =>
    counts
      .filter((one) => one.campaign === standing.name && one.workflow === name)
      .filter(({ state }) => states.length === 0 || states.includes(state))
      .reduce((sum, { count }) => sum + count, 0);
  const all = of();
  if (standing.prepared && all > 0 && of("done", "skipped", "merged") === all)
    return { state: "done", why: `all ${all} tasks have ended and are signed` };
  const begun = of("processing", "awaiting-signoff", "failed", "done");
  return begun > 0
    ? { state: "working", why: `${begun} of ${all} tasks have begun` }
    : { state: "open", why: "nothing of it has begun" };
}

function wholeOf(standing: CampaignStanding, parts: readonly CampaignTicket[]): Standing {
  if (isOver(standing)) return { state: "done", why: `the campaign is ${standing.state}` };
  return parts.some(({ state }) => state !== "open")
    ? { state: "working", why: "some of it has begun" }
    : { state: "open", why: "nothing of it has begun" };
}

function isOver({ state }: CampaignStanding): boolean {
  return state === "finished" || state === "archived";
}

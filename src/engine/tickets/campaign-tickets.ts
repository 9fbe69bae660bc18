/** Campaigns whose workflows have tickets: whatever moves a task or the campaign makes them follow, a little later, so that a burst is one. */
import { freshStanding } from "../../core/campaign/campaign.ts";
import { campaignOfRef, campaignRef } from "../../core/campaign/life.ts";
import { campaignTickets } from "../../core/campaign/tickets.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
import type { Ticket } from "../../core/ticket/ticket.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { moveTicket, noteOnTicket, wantTicket } from "../tickets.ts";

const PAUSE_MS = 5_000;

/** Where no tracker is declared this looks at nothing. */
export function wakeCampaignTickets(ledger: Ledger, scene: Scene): void {
  const { movedTasks, movedCampaigns } = ledger;
  if (movedTasks.length === 0 && movedCampaigns.length === 0) return;
  const { tickets, campaigns } = scene.revisions.current(PRODUCTION).config;
  if (!tickets) return;
  const moved = [
    ...movedTasks.map(({ after }) => ({ environment: after.environment, name: after.campaign })),
    ...movedCampaigns,
  ].filter(({ environment, name }) => environment === PRODUCTION && campaigns[name]?.tickets);
  for (const ref of new Set(moved.map(campaignRef)))
    ledger.wake({ kind: "campaign-tickets", ref }, ledger.now + PAUSE_MS);
}

/** As they are known to be in the tracker. */
export async function ticketsOf(
  queries: Pick<Queries, "campaign" | "tickets">,
  scene: Scene,
  environment: string,
  name: string,
): Promise<Ticket[]> {
  const { config } = scene.revisions.current(environment);
  const campaign = Object.hasOwn(config.campaigns, name) ? config.campaigns[name] : undefined;
  if (!campaign || !config.tickets) return [];
  const standing = (await queries.campaign(environment, name)) ?? freshStanding(environment, campaign);
  const all = campaignTickets({ config, campaign, standing, counts: [], instance: instanceOf(scene) });
  const found = new Map((await queries.tickets(all.map(({ wish }) => wish.key))).map((one) => [one.key, one]));
  return all.flatMap(({ wish }) => found.get(wish.key) ?? []);
}

/** Enough of it to tell two installations apart. */
function instanceOf({ instance }: Scene): string {
  return instance.slice(0, 8);
}

export async function keepCampaignTickets(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const { environment, name } = campaignOfRef(ref);
  const { config } = scene.revisions.current(environment);
  const campaign = Object.hasOwn(config.campaigns, name) ? config.campaigns[name] : undefined;
  if (!campaign || !config.tickets) return;
  const standing = await ledger.campaign(environment, campaign);
  const counts = await ledger.ask((loads) => loads.tallies(environment));
  const all = campaignTickets({ config, campaign, standing, counts, instance: instanceOf(scene) });
  for (const { wish, state, why } of all) {
    await wantTicket(ledger, wish);
    await moveTicket(ledger, wish.key, state, why);
  }
  const [whole] = all;
  if (!whole || standing.state !== "paused") return;
  const text = `Paused by ${standing.by}: ${standing.reason ?? ""}`;
  await noteOnTicket(ledger, whole.wish.key, { key: `paused ${standing.modifiedAt}`, text });
}

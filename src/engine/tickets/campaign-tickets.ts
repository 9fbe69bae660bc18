/** Campaigns whose workflows have tickets: whatever moves a task or the campaign makes them follow, a little later, so that a burst is one. */
import { campaignOfRef, campaignRef } from "../../core/campaign/life.ts";
import { campaignTickets } from "../../core/campaign/tickets.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
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

export async function keepCampaignTickets(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const { environment, name } = campaignOfRef(ref);
  const { config } = scene.revisions.current(environment);
  const campaign = Object.hasOwn(config.campaigns, name) ? config.campaigns[name] : undefined;
  if (!campaign || !config.tickets) return;
  const standing = await ledger.campaign(environment, campaign);
  const counts = await ledger.ask((loads) => loads.tallies(environment));
  const instance = scene.instance.slice(0, 8);
  const all = campaignTickets({ config, campaign, standing, counts, instance });
  for (const { wish, state, why } of all) {
    await wantTicket(ledger, wish);
    await moveTicket(ledger, wish.key, state, why);
  }
  const [whole] = all;
  if (!whole || standing.state !== "paused") return;
  const text = `Paused by ${standing.by}: ${standing.reason ?? ""}`;
  await noteOnTicket(ledger, whole.wish.key, { key: `paused ${standing.modifiedAt}`, text });
}

/** Where a deployment is told: one message, with its thread. */
import { deploymentCard, deploymentKey, isOver } from "../../core/deployment/card.ts";
import type { Deployment } from "../../core/deployment/deployment.ts";
import type { Detail } from "../../core/message.ts";
import { showCard } from "../cards.ts";
import type { Ledger } from "../ledger.ts";

/** @param channel where it goes if it was not told before */
export async function showDeployment(
  ledger: Ledger,
  channel: string,
  deployment: Deployment,
  details: readonly Detail[] = [],
): Promise<void> {
  const key = deploymentKey(deployment);
  const [blocks, over] = [deploymentCard(deployment), isOver(deployment)];
  await showCard(ledger, { key, channel, blocks, over, details });
}

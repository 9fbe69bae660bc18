/** A deployment has one message, which is edited as it goes on; the detail stands in its thread. */
import { deploymentCard, deploymentKey, isOver } from "../../core/deployment/card.ts";
import type { Deployment } from "../../core/deployment/deployment.ts";
import type { Detail } from "../../core/deployment/thread.ts";
import type { Ledger } from "../ledger.ts";

/** @param channel where it goes if it was not told before */
export async function showDeployment(
  ledger: Ledger,
  channel: string,
  deployment: Deployment,
  details: readonly Detail[] = [],
): Promise<void> {
  const key = deploymentKey(deployment);
  const blocks = deploymentCard(deployment);
  const over = isOver(deployment);
  if (!(await ledger.edit(key, blocks, { over, atOnce: true }))) ledger.post(key, channel, blocks, { over });
  if (details.length === 0) return;
  // Where environments tell of themselves may be another channel by now.
  const cards = await ledger.ask((loads) => loads.messages(key));
  for (const card of cards)
    for (const detail of details)
      ledger.post(detail.key, `${card.chat}:${card.channel}`, detail.blocks, { thread: { under: key }, over });
}

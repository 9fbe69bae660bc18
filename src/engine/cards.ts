/** A message that reads as a thing stands, edited as it goes on, with the detail in its thread. */
import type { Detail } from "../core/message.ts";
import type { Block } from "../core/say.ts";
import type { Ledger } from "./ledger.ts";

export type Card = {
  readonly key: string;
  /** Where it goes if it was not told before. */
  readonly channel: string;
  readonly blocks: readonly Block[];
  readonly over: boolean;
  readonly details: readonly Detail[];
};

export async function showCard(ledger: Ledger, { key, channel, blocks, over, details }: Card): Promise<void> {
  if (!(await ledger.edit(key, blocks, { over, atOnce: true }))) ledger.post(key, channel, blocks, { over });
  if (details.length === 0) return;
  // It stays where it is, whatever the configuration says by now.
  const told = await ledger.ask((loads) => loads.messages(key));
  for (const card of told)
    for (const detail of details)
      ledger.post(detail.key, `${card.chat}:${card.channel}`, detail.blocks, { thread: { under: key }, over });
}

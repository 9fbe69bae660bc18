/** An alert's one message, edited as it goes on, and the lines in its thread. */
import type { Alert } from "../../core/alert/alert.ts";
import { alertMessage } from "../../core/alert/words.ts";
import type { Block } from "../../core/say.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { channelFor } from "./in-force.ts";

export function messageKey(alert: Alert): string {
  return `alert ${alert.id}`;
}

/** @returns false where it was told already */
export async function postAlert(ledger: Ledger, scene: Scene, alert: Alert): Promise<boolean> {
  const told = await ledger.ask((loads) => loads.messages(messageKey(alert)));
  if (told.length > 0) return false;
  ledger.post(messageKey(alert), channelFor(scene, alert), alertMessage(alert));
  return true;
}

/** @param atOnce somebody waits for it */
export async function editAlert(ledger: Ledger, alert: Alert, atOnce = false): Promise<void> {
  await ledger.edit(messageKey(alert), alertMessage(alert), { over: alert.state === "resolved", atOnce });
}

/** Where nobody was told of an alert, there is no thread, and nobody to be told of what became of it. */
export async function tellInThread(ledger: Ledger, alert: Alert, what: string, block: Block): Promise<void> {
  const under = messageKey(alert);
  for (const { chat, channel } of await ledger.ask((loads) => loads.messages(under)))
    ledger.post(`${under} ${what} ${alert.version}`, `${chat}:${channel}`, [block], { thread: { under }, over: true });
}

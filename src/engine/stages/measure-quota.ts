/** A workflow is over its quota. What its outputs take is measured now and then, since people make room by hand. */
import type { Ledger } from "../ledger.ts";

const EVERY_MS = 300_000;

/** Such a workflow waits as one question, like a lock that asks outside. */
export function quotaRef(environment: string, workflow: string): string {
  return `quota ${environment} ${workflow}`;
}

export function measureLater(ledger: Ledger, environment: string, workflow: string): void {
  ledger.wake({ kind: "tidy", ref: quotaRef(environment, workflow) }, ledger.now + EVERY_MS);
}

/** `bytes` were measured; the store is told the difference to what it believed. */
export async function takeMeasure(
  ledger: Ledger,
  environment: string,
  workflow: string,
  bytes: number,
  believed: number,
): Promise<void> {
  await ledger.transaction.finishErrand({ kind: "tidy", ref: quotaRef(environment, workflow) });
  ledger.addUsage({ environment, workflow, bytes: bytes - believed });
  ledger.wake({ kind: "admit", ref: `${environment} ${workflow}` });
}

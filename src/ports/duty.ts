/** What people on duty can do. Each resolves once it is on disk, with what it did or with the reason why not. */
import type { Alert } from "../core/alert/alert.ts";
import type { Silence } from "../core/alert/silence.ts";
import type { Subscription } from "../core/alert/subscription.ts";
import type { DigestFacts } from "../core/oncall/digest.ts";
import type { Instant } from "../core/time.ts";
import type { Done, Refusal } from "./operations.ts";

/** A refusal about an alert that is there. */
type OfAlert<Reason extends string> = Refusal<Reason> & { readonly alert: Alert };

export interface Duty {
  /** @param until as long as the configuration says where it is left out */
  acknowledge(
    alert: number,
    of: { readonly until: Instant | undefined; readonly why: string | null },
    by: string,
  ): Promise<Done<{ alert: Alert }> | Refusal<"unknown-alert"> | OfAlert<"resolved" | "acknowledged" | "over-already">>;
  unacknowledge(
    alert: number,
    by: string,
  ): Promise<Done<{ alert: Alert }> | Refusal<"unknown-alert"> | OfAlert<"not-acknowledged">>;
  /** `alerts`: those that it matches now. */
  silence(
    of: Pick<Silence, "matchers" | "until" | "why">,
    by: string,
  ): Promise<Done<{ silence: Silence; alerts: readonly Alert[] }> | Refusal<"over-already" | "too-long">>;
  unsilence(id: number, by: string): Promise<Done<{ silence: Silence }> | Refusal<"unknown-silence" | "over">>;
  subscribe(
    to: Pick<Subscription, "environment" | "to">,
    by: string,
  ): Promise<Done | Refusal<"unknown-run" | "unknown-workflow" | "already-ended" | "already-subscribed">>;
  unsubscribe(to: Pick<Subscription, "environment" | "to">, by: string): Promise<Done | Refusal<"not-subscribed">>;
  /** What a shift that ended now would tell the next. */
  digest(rota: string): Promise<Done<{ facts: DigestFacts }> | Refusal<"unknown-rota">>;
}

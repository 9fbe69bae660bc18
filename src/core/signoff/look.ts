/** What is to be told of a sign-off that nobody has given yet, and when to look at it again. */
import type { Instant } from "../time.ts";
import type { Reminding } from "./life.ts";
import type { SignoffRule } from "./rule.ts";
import type { Signoff } from "./signoff.ts";

export type Look = {
  /** To be done now; then it is looked at once more. `expire`: nobody can sign it any more. */
  readonly due: Reminding | "expire" | undefined;
  /** Where nothing is due: when something may be; undefined where nothing ever will. */
  readonly next: Instant | undefined;
};

type Timing = Pick<SignoffRule, "remindMs" | "escalate" | "whenDue">;

export function lookAt(signoff: Signoff, { remindMs, escalate, whenDue }: Timing, now: Instant): Look {
  if (signoff.state !== "asked") return { due: undefined, next: undefined };
  const { dueAt, overdueAt, turnSince, remindedAt, escalatedAt } = signoff;
  const lateAt = dueAt !== null && overdueAt === null ? dueAt : undefined;
  if (lateAt !== undefined && lateAt <= now) return { due: whenDue === "fail" ? "expire" : "late", next: undefined };
  const escalateAt = escalate && escalatedAt === null ? turnSince + escalate.afterMs : undefined;
  if (escalateAt !== undefined && escalateAt <= now) return { due: "escalate", next: undefined };
  const remindAt = remindMs === undefined ? undefined : Math.max(turnSince, remindedAt ?? 0) + remindMs;
  if (remindAt !== undefined && remindAt <= now) return { due: "remind", next: undefined };
  const moments = [lateAt, escalateAt, remindAt].filter((at) => at !== undefined);
  return { due: undefined, next: moments.length === 0 ? undefined : Math.min(...moments) };
}

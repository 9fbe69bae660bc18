/** How what a campaign collected in its staging tags gets into its target tag. */
import type { TagChange } from "../conditions/change.ts";
import { contentsOf } from "../conditions/contents.ts";
import { ALWAYS } from "../conditions/decide-change.ts";
import type { Iov, Span } from "../conditions/iov.ts";
import { mergedInto } from "../conditions/merge.ts";
import { type MomentRule, type Placed, spanOfRuns } from "../conditions/moment-of.ts";
import type { GlobalTag, TagRef } from "../conditions/tag.ts";
import type { Campaign } from "../config/config.ts";
import type { Run } from "../run/run.ts";

/**
 * The moments that a campaign may speak of: from its first run to its last. What a prompt campaign found last holds on, since
 * what is taken next is to be processed with it. One that names no runs speaks of all.
 */
export function campaignSpan(
  { kind, runs: declared }: Pick<Campaign, "kind" | "runs">,
  runs: readonly Run[],
  rule: MomentRule,
): Placed<{ readonly span: Span }> {
  if (declared === undefined) return { known: true, span: ALWAYS };
  const placed = spanOfRuns(runs, rule);
  if (!placed.known || kind === "reprocessing") return placed;
  return { known: true, span: { ...placed.span, until: null } };
}

/** @param staging those that come first go before the others, with what each holds within the span */
export function publishingChange(
  target: Pick<GlobalTag, "state">,
  staging: readonly { readonly tag: TagRef; readonly iovs: readonly Iov[] }[],
  span: Span,
): TagChange {
  if (target.state !== "RUNNING") return { kind: "merge", of: staging.map(({ tag }) => tag), span };
  // A running tag takes only what is later than everything that was used.
  const iovs = mergedInto(
    new Map(),
    staging.map((one) => contentsOf(one.iovs)),
    span,
  );
  return { kind: "append", iovs };
}

/** Whether somebody may merge the constants of a campaign: its manager, by name or by role; anybody where it has none. */
export function isManager(
  { manager }: Pick<Campaign, "manager">,
  { id, roles, owner }: { readonly id: string; readonly roles: readonly string[]; readonly owner: boolean },
): boolean {
  return manager === undefined || owner || id === manager || roles.includes(manager);
}

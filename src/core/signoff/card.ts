/**
 * The card of a sign-off: one message in its workflow's channel with everything that is needed to decide, which reads as the
 * sign-off stands. It is made of nothing but what is known of it, so it ends as the sign-off did, whatever came in whatever order.
 */
import { shortCommit } from "../environment/environment.ts";
import type { Metrics } from "../job/outputs.ts";
import { type Block, type Button, buttons, fields, type Link, list, moment, type Part, parts, say } from "../say.ts";
import { runsInWords } from "../task/locks.ts";
import { findingsList } from "../validation/evidence.ts";
import type { Judgement } from "../validation/judgement.ts";
import { rounded } from "../validation/seen.ts";
import { approvalsOf, currentStep } from "./may-sign.ts";
import { stepInWords } from "./rule.ts";
import { type Signoff, signoffInWords } from "./signoff.ts";

/** What stands on a card beside the sign-off. */
export type Evidence = {
  readonly runs: readonly number[];
  readonly metrics: Metrics;
  /** The numbers of the result that is in use now; undefined where there is none. */
  readonly inUse: { readonly of: string; readonly metrics: Metrics } | undefined;
  readonly judgement?: Pick<Judgement, "findings"> | undefined;
  /** Why it is stale; null where it is not. */
  readonly stale: string | null;
  /** Whose commit it was made on, in words. */
  readonly author: string | null;
  /** Pictures and files that its jobs have written. */
  readonly plots: readonly Link[];
};

/** Numbers and findings that one reads on a phone. */
const MOST = 8;

export const signoffKey = ({ id }: Pick<Signoff, "id">): string => `signoff ${id}`;

export function signoffCard(signoff: Signoff, evidence: Evidence): Block[] {
  const { commit, dueAt, state } = signoff;
  const { judgement, metrics, inUse, stale, author, plots } = evidence;
  const asked = state === "asked";
  return [
    { kind: "text", parts: headline(signoff) },
    fields({
      runs: evidence.runs.length === 0 ? undefined : runsInWords(evidence.runs),
      why: asked ? (signoff.reason ?? undefined) : undefined,
      stale: stale ?? undefined,
      commit: `${shortCommit(commit)}${author === null ? "" : ` by ${author}`}`,
      "may sign": asked ? whoMaySign(signoff) : undefined,
      until: asked ? moment(dueAt) : undefined,
      signed: signedInWords(signoff),
    }),
    ...findingsList(judgement?.findings ?? [], MOST),
    ...numbersOf(metrics, inUse),
    ...(plots.length === 0 ? [] : [list(plots.slice(0, MOST).map((plot) => [plot]))]),
    ...(asked ? [signButtons(signoff)] : []),
  ];
}

/** Nobody can do anything about it any more. */
export function isOver({ state }: Signoff): boolean {
  return state !== "asked";
}

function headline(signoff: Signoff): Part[] {
  const what = signoffInWords(signoff);
  switch (signoff.state) {
    case "asked":
      return parts`Please sign ${what} (task ${signoff.taskId})${signoff.overdueAt === null ? "" : ": it is late"}`;
    case "approved":
      return parts`Signed: ${what} (task ${signoff.taskId})`;
    case "rejected":
      return parts`Rejected: ${what} (task ${signoff.taskId}): ${signoff.reason}`;
    case "lapsed":
      return parts`Nothing to sign any more: ${what} (task ${signoff.taskId}): ${signoff.reason}`;
    case "revoked":
      return parts`Revoked: ${what} (task ${signoff.taskId}): ${signoff.reason}`;
  }
}

/** `timing-expert (or ann), 1 of 2; then manager` */
export function whoMaySign(signoff: Signoff): string | undefined {
  const at = currentStep(signoff);
  if (at === undefined) return undefined;
  const [now, ...later] = signoff.steps.slice(at);
  if (!now) return undefined;
  const given = approvalsOf(signoff.votes, at).length;
  const counted = given === 0 ? stepInWords(now) : `${stepInWords(now)}, ${given} given`;
  const then = later.map((step) => `, then ${stepInWords(step)}`).join("");
  const but = signoff.authors.length === 0 ? "" : `; not ${signoff.authors.join(", ")}, whose work it is`;
  return `${counted}${then}${but}`;
}

function signedInWords({ votes }: Signoff): readonly Part[] | undefined {
  const given = votes.filter(({ vote }) => vote === "approve");
  if (given.length === 0) return undefined;
  return given.flatMap(({ by, at, why }, index) => [
    ...(index === 0 ? [] : ["; "]),
    ...parts`${by} ${moment(at)}${why === null ? "" : `: ${why}`}`,
  ]);
}

/** Its numbers, each with how far it is from what is in use: a line each, since a table is wider than a phone. */
function numbersOf(metrics: Metrics, inUse: Evidence["inUse"]): Block[] {
  const all = Object.entries(metrics);
  if (all.length === 0) return [];
  const more = all.length - MOST;
  // A job may call a number toString.
  const before = (name: string) => (inUse && Object.hasOwn(inUse.metrics, name) ? inUse.metrics[name] : undefined);
  return [
    ...(inUse ? [say`Against what is in use, ${inUse.of}:`] : []),
    list([
      ...all.slice(0, MOST).map(([name, value]) => `${name} ${rounded(value)}${change(value, before(name))}`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ]),
  ];
}

/** ` (was 4.2, +0.8)` */
function change(value: number, before: number | undefined): string {
  if (before === undefined) return "";
  const difference = value - before;
  return difference === 0
    ? " (as it was)"
    : ` (was ${rounded(before)}, ${difference > 0 ? "+" : ""}${rounded(difference)})`;
}

/** They hold as long as what is to be signed is what was shown with them. */
export function signButtons(signoff: Signoff, ...more: readonly Button[]): Block {
  const { id, state, shown } = signoff;
  const one = (label: string, command: string, look?: Button["look"]): Button => ({
    label,
    words: [command, `signoff:${id}`, "--shown", shown],
    ...(look && { look }),
    while: { signoff: id, state, shown },
  });
  return buttons(one("Approve", "approve", "primary"), one("Reject", "reject", "danger"), ...more);
}

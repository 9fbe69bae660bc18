/** The detail of a deployment, in the thread of its card. Each is told once, under its key. */
import type { Issue } from "../config/issue.ts";
import { formatIssue } from "../config/issue.ts";
import { branchOf, shortCommit } from "../environment/environment.ts";
import type { Detail } from "../message.ts";
import type { Plan } from "../plan/plan.ts";
import { planInWords } from "../plan/words.ts";
import { code, plural, say } from "../say.ts";
import { formatDuration } from "../time.ts";
import { deploymentKey, yesInWords } from "./card.ts";
import type { Consent, Deployment } from "./deployment.ts";

/** Mistakes that are told; all of them are told by `validate`. */
const MOST_MISTAKES = 20;

/** What it changes against what runs. It is another thing once something else runs. */
export function planDetail(deployment: Deployment, plan: Plan): Detail {
  const against = plan.from === null ? "nothing" : shortCommit(plan.from);
  const blocks = planInWords(plan);
  return {
    key: `${deploymentKey(deployment)} against ${against}`,
    blocks: branchOf(deployment.environment) === undefined ? blocks : [say`Against production:`, ...blocks],
  };
}

export function yesDetail(deployment: Deployment, consents: readonly Consent[]): Detail[] {
  return [...Map.groupBy(consents, ({ by }) => by)].map(([by, said]) => ({
    key: `${deploymentKey(deployment)} ${by} ${said.map(({ to }) => to).join(" ")}`,
    blocks: [say`${by} ${yesInWords(said)}.`],
  }));
}

export function deployedDetail(deployment: Deployment, tookMs: number): Detail {
  const { requestedAt, endedAt } = deployment;
  const waitedMs = endedAt === null ? 0 : endedAt - requestedAt - tookMs;
  const waited = waitedMs < 60_000 ? "" : `, after it had waited ${formatDuration(waitedMs)}`;
  return {
    key: `${deploymentKey(deployment)} done`,
    blocks: [say`It was checked and switched to in ${formatDuration(tookMs)}${waited}.`],
  };
}

/** All that is wrong with its commit, where that is more than the card says. */
export function mistakesDetail(deployment: Deployment, issues: readonly Issue[]): Detail[] {
  if (issues.length < 2) return [];
  const more = issues.length - MOST_MISTAKES;
  return [
    {
      key: `${deploymentKey(deployment)} mistakes`,
      blocks: [
        say`The commit has ${plural(issues.length, "mistake")}:`,
        code(issues.slice(0, MOST_MISTAKES).map(formatIssue).join("\n")),
        ...(more > 0 ? [say`And ${plural(more, "more mistake")}; calops validate tells all.`] : []),
      ],
    },
  ];
}

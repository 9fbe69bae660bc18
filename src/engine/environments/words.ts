/** What is said about environments and their deployments. Each message has a key, so that it is said once. */

import type { Issue } from "../../core/config/issue.ts";
import { formatIssue } from "../../core/config/issue.ts";
import type { Deployment } from "../../core/deployment/deployment.ts";
import { branchOf, shortCommit, shortRef } from "../../core/environment/environment.ts";
import { ITSELF } from "../../core/history.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { planInWords } from "../../core/plan/words.ts";
import { type Block, code, fields, list, moment, plural, say } from "../../core/say.ts";
import { formatDuration, type Instant } from "../../core/time.ts";

/** Mistakes that are told in a message; all of them are told by `validate`. */
const MOST_MISTAKES = 5;

export const requestKey = ({ id }: Deployment): string => `deployment ${id} requested`;
export const outcomeKey = ({ id }: Deployment): string => `deployment ${id}`;

/** The first of the two messages that the field expects. */
export function requestWords(deployment: Deployment): Block[] {
  const { environment, requestedBy, why, kind } = deployment;
  return [
    say`Deployment request for environment ${environment} received${kind === "rollback" ? ": a rollback" : ""}`,
    fields({
      commit: commitInWords(deployment),
      by: requestedBy === ITSELF ? undefined : requestedBy,
      why: why ?? undefined,
    }),
  ];
}

/** The second of them. */
export function deployedWords(deployment: Deployment, plan: Plan, tookMs: number): Block[] {
  return [
    deployment.kind === "rollback"
      ? say`Environment ${deployment.environment} deployed successfully: ${deployment.requestedBy} rolled it back`
      : say`Environment ${deployment.environment} deployed successfully`,
    fields({ commit: commitInWords(deployment), took: formatDuration(tookMs) }),
    ...(branchOf(deployment.environment) === undefined ? [] : [say`Against production:`]),
    ...planInWords(plan),
  ];
}

export function waitingWords(deployment: Deployment, plan: Plan): Block[] {
  const { environment, waiting } = deployment;
  return [
    say`Deployment of ${shortCommit(deployment.commit)} to ${environment} waits:`,
    list(waiting.map((gate) => gate.detail)),
    ...planInWords(plan),
  ];
}

/** Why a commit is not deployed, with what is wrong in it. */
export function failedWords(deployment: Deployment, running: string | null, issues: readonly Issue[]): Block[] {
  const goesOn = running === null ? "Nothing is running there." : `${shortCommit(running)} goes on running.`;
  const more = issues.length - MOST_MISTAKES;
  return [
    say`Environment ${deployment.environment} is not deployed: ${issues.length > 0 ? `the commit has ${plural(issues.length, "mistake")}` : (deployment.reason ?? "it failed")}. ${goesOn} Mend it with another commit.`,
    fields({ commit: commitInWords(deployment) }),
    ...(issues.length === 0 ? [] : [code(issues.slice(0, MOST_MISTAKES).map(formatIssue).join("\n"))]),
    ...(more > 0 ? [say`And ${plural(more, "more mistake")}; calops validate tells all.`] : []),
  ];
}

export function supersededWords(deployment: Deployment, by: string): Block[] {
  return [
    say`Deployment of ${shortCommit(deployment.commit)} to ${deployment.environment} is not needed any more: ${by}.`,
  ];
}

export function issueSummary(issues: readonly Issue[]): string {
  const [first] = issues;
  if (!first) return "it has mistakes";
  const others = issues.length > 1 ? ` and ${plural(issues.length - 1, "more mistake")}` : "";
  return `${formatIssue(first)}${others}`;
}

/** `v1.2 (1a2b3c4d) by Ann: finer binning` */
export function commitInWords({
  commit,
  ref,
  author,
  subject,
}: Pick<Deployment, "commit" | "ref" | "author" | "subject">): string {
  const name = ref === null ? shortCommit(commit) : `${shortRef(ref)} (${shortCommit(commit)})`;
  return `${name} by ${author}: ${subject}`;
}

export function awayWords(why: string, since: Instant): Block[] {
  return [
    say`The config repository does not answer since ${moment(since)}: ${why}. What is deployed goes on running and nothing is taken for gone; it is asked again all the time.`,
  ];
}

export function backWords(awayForMs: number): Block[] {
  return [say`The config repository answers again, after ${formatDuration(awayForMs)}.`];
}

export function rulesBrokenWords(commit: string, issues: readonly Issue[]): Block[] {
  return [
    say`The rules at ${shortCommit(commit)}, the head of the protected branch, have mistakes; those from before stay in force.`,
    code(issues.slice(0, MOST_MISTAKES).map(formatIssue).join("\n")),
  ];
}

export function noMirrorWords(branch: string, why: string): Block[] {
  return [say`Branch ${branch} gets no mirror: ${why}. Push it under another name.`];
}

export function archivedWords(environment: string, why: string): Block[] {
  return [
    say`Environment ${environment} is archived: ${why}. Its tasks are ended and its outputs removed; what it did stays in the history.`,
  ];
}

/** What is said about environments. Their deployments have cards. */

import { formatIssue, type Issue } from "../../core/config/issue.ts";
import { shortCommit } from "../../core/environment/environment.ts";
import { type Block, code, moment, plural, say } from "../../core/say.ts";
import { formatDuration, type Instant } from "../../core/time.ts";

/** Mistakes that are told in a message; all of them are told by `validate`. */
const MOST_MISTAKES = 5;

export function issueSummary(issues: readonly Issue[]): string {
  const [first] = issues;
  if (!first) return "it has mistakes";
  const others = issues.length > 1 ? ` and ${plural(issues.length - 1, "more mistake")}` : "";
  return `${formatIssue(first)}${others}`;
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

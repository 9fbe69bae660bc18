/** Deployments and environments as commands show them, in words and as JSON. */
import { type Answer, done, refused } from "../src/core/command/command.ts";
import { formatIssue, type Issue } from "../src/core/config/issue.ts";
import type { Deployment } from "../src/core/deployment/deployment.ts";
import { shortCommit, shortRef } from "../src/core/environment/environment.ts";
import { planInWords } from "../src/core/plan/words.ts";
import { type Block, code, list, say } from "../src/core/say.ts";
import { iso } from "../src/core/time.ts";

/** What `deploymentJson` gives, as the commands that answer with it describe it. */
export const DEPLOYMENT_FIELDS =
  "{id, environment, commit, ref, from, kind, state, reason, waiting, requestedBy, why, consents, author, subject, requestedAt, endedAt, tookMs, plan}";

export function deploymentJson(deployment: Deployment): Record<string, unknown> {
  return {
    id: deployment.id,
    environment: deployment.environment,
    commit: deployment.commit,
    ref: deployment.ref,
    from: deployment.from,
    kind: deployment.kind,
    state: deployment.state,
    reason: deployment.reason,
    waiting: deployment.waiting.map((gate) => ({ ...gate, since: iso(gate.since) })),
    requestedBy: deployment.requestedBy,
    why: deployment.why,
    consents: deployment.consents.map((one) => ({ ...one, at: iso(one.at) })),
    author: deployment.author,
    subject: deployment.subject,
    requestedAt: iso(deployment.requestedAt),
    endedAt: deployment.endedAt === null ? null : iso(deployment.endedAt),
    tookMs: deployment.tookMs,
    plan: deployment.plan,
  };
}

/** What became of a deployment that somebody asked for. */
export function outcome(deployment: Deployment, issues: readonly Issue[]): Answer {
  const data = deploymentJson(deployment);
  const name = `${shortCommit(deployment.commit)}${deployment.ref === null ? "" : ` (${shortRef(deployment.ref)})`}`;
  const { environment } = deployment;
  switch (deployment.state) {
    case "deployed":
      return done(
        [
          deployment.kind === "rollback"
            ? say`Environment ${environment} is back at ${name}. ${deployment.from === null ? "" : `${shortCommit(deployment.from)} is not deployed again unless somebody asks for it: deploy ${environment} ${shortCommit(deployment.from)}`}`
            : say`Environment ${environment} deployed successfully: ${name} by ${deployment.author}, ${deployment.subject}`,
          ...plan(deployment),
        ],
        data,
      );
    case "requested":
    case "waiting":
      return done(
        [say`The deployment of ${name} to ${environment} waits:`, list(gates(deployment)), ...plan(deployment)],
        data,
      );
    case "failed":
      return refused(
        [
          say`${name} is not deployed to ${environment}: ${deployment.reason}. What ran goes on running.`,
          ...(issues.length === 0 ? [] : [code(issues.map(formatIssue).join("\n"))]),
        ],
        data,
      );
    case "superseded":
    case "rolled-back":
      return refused([say`${name} is not what ${environment} runs any more: ${deployment.reason}.`], data);
  }
}

export function gates({ waiting, state }: Deployment): string[] {
  if (waiting.length === 0 && state === "requested") return ["it is being checked"];
  return waiting.map((gate) => gate.detail);
}

export function noSuchEnvironment(environment: string): Answer {
  return refused([say`There is no environment ${environment}. The command env lists them.`]);
}

export function unknownRef(word: string | undefined): Answer {
  return refused([
    say`${word ?? "That"} is no tag, branch or commit of the config repository, as it was last seen. A commit needs its first seven digits or more.`,
  ]);
}

export function ambiguousRef(names: string | undefined): Answer {
  return refused([
    say`There is a tag and a branch of that name, and they lead to different commits. Write ${names ?? "the full name"}.`,
  ]);
}

function plan({ plan: changes }: Deployment): Block[] {
  return changes === null ? [] : planInWords(changes);
}

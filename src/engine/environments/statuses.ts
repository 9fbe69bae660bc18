/** Tells at a commit how its deployment to production stands, and opens the branch that takes a bad one back in git. */
import type { Deployment } from "../../core/deployment/deployment.ts";
import { branchOf, PRODUCTION, shortCommit, shortRef } from "../../core/environment/environment.ts";
import { planSummary } from "../../core/plan/words.ts";
import { type Block, code, say } from "../../core/say.ts";
import type { CodeHost, CommitStatus } from "../../ports/code-host.ts";
import { CannotRevert, type ConfigRepository } from "../../ports/config-repository.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Engine } from "../engine.ts";
import { channelOf } from "./channel.ts";
import type { Follower } from "./follower.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export type StatusParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly rules: RulesInForce;
  readonly follower: Follower;
  readonly host: () => CodeHost | undefined;
};

export async function tellStatus({ engine, queries, host }: StatusParts, ref: string): Promise<void> {
  const [deployment] = await queries.deploymentsById([Number(ref)]);
  const reached = host();
  if (deployment?.environment === PRODUCTION && reached) await reached.status(deployment.commit, statusOf(deployment));
  await engine.do("status", (ledger) => ledger.transaction.finishErrand({ kind: "status", ref }));
}

function statusOf(deployment: Deployment): CommitStatus {
  const { state, reason, plan, tookMs } = deployment;
  const of = (status: CommitStatus["state"], description: string): CommitStatus => ({
    context: "calops/production",
    state: status,
    description,
  });
  switch (state) {
    case "requested":
      return of("pending", "It is being checked.");
    case "waiting":
      return of("pending", `Waits: ${reason ?? "for a person"}`);
    case "deployed":
      return of("success", `Deployed. ${plan ? planSummary(plan) : ""}`.trim());
    case "failed":
      return of("failure", `Not deployed: ${reason ?? "it failed"}`);
    case "superseded":
      return tookMs === null
        ? of("failure", `Not deployed: ${reason ?? "another took its place"}`)
        : of("success", `Was deployed: ${reason ?? "another took its place"}`);
    case "rolled-back":
      return of("failure", `Taken back: ${reason ?? "it was rolled back"}`);
  }
}

/** @param ref the deployment that took something back */
export async function openRevert(parts: StatusParts, ref: string): Promise<void> {
  const { engine, queries } = parts;
  const [deployment] = await queries.deploymentsById([Number(ref)]);
  const blocks = deployment?.from ? await revertBranch(parts, deployment, deployment.from) : [];
  await engine.do("revert", async (ledger) => {
    await ledger.transaction.finishErrand({ kind: "revert", ref });
    if (deployment && blocks.length > 0)
      ledger.post(`revert ${ref}`, channelOf(engine.scene, parts.rules, deployment.environment), blocks);
  });
}

async function revertBranch(parts: StatusParts, deployment: Deployment, bad: string): Promise<Block[]> {
  const { repository, follower, host } = parts;
  const { environment, commit: good, requestedBy, why } = deployment;
  const name = branchOf(environment) === undefined ? follower.refs?.head : `refs/heads/${branchOf(environment)}`;
  const onto = follower.refs?.branches.find((branch) => branch.name === name);
  if (repository.plain || !onto) return [];
  const branch = `calops/revert-${shortCommit(bad)}`;
  try {
    await repository.openRevert({
      branch,
      bad,
      good,
      onto,
      message: `Take back ${shortCommit(bad)}\n\n${requestedBy} rolled ${environment} back to ${shortCommit(good)}: ${why ?? "no reason given"}\n`,
    });
  } catch (error) {
    if (!(error instanceof CannotRevert)) throw error;
    return [
      say`Git still has ${shortCommit(bad)}, which was taken back in ${environment}: ${error.message}. By hand:`,
      code(
        `git switch -c ${branch} ${shortRef(onto.name)}\ngit diff --binary ${shortCommit(bad)} ${shortCommit(good)} | git apply --3way --index\ngit commit -m "Take back ${shortCommit(bad)}"\ngit push origin ${branch}`,
      ),
    ];
  }
  const url = host()?.proposal(branch, shortRef(onto.name));
  return [
    say`Branch ${branch} takes ${shortCommit(bad)} back in git, so that git says what runs. ${url === undefined ? "Merge it, or mend what was wrong." : { url, label: "Open the pull request" }}`,
  ];
}

/** The first configuration that a new bot runs. Without one that can be deployed it does not start, and says why. */
import { PRODUCTION } from "../../core/environment/environment.ts";
import { CALOPS } from "../ledger.ts";
import { type DeployParts, deploy } from "./people-deploy.ts";
import { ConfigRefused } from "./revisions.ts";

/** @returns why nothing is deployed, where there is nothing to follow yet or a gate is closed */
export async function deployFirst(parts: DeployParts): Promise<string | undefined> {
  const { follower, queries, deploying } = parts;
  if ((await follower.look()) === "away")
    throw new Error(
      `the config repository does not answer, and nothing was ever deployed from it: ${follower.trouble}`,
    );
  const [open] = await queries.openDeployments(PRODUCTION);
  const done = open
    ? await deploying.carryOut(open.id)
    : // What failed when it was started before is tried again: nothing else would run.
      await deploy(parts, { environment: PRODUCTION }, { id: CALOPS.by, roles: [], owner: false });
  if (done && "ok" in done && !done.ok) return done.detail ?? done.reason;
  const { deployment, issues } = done as {
    deployment: { state: string; commit: string; reason: string | null };
    issues: ConfigRefused["issues"];
  };
  if (deployment.state !== "failed")
    return deployment.state === "deployed" ? undefined : (deployment.reason ?? "it waits");
  if (issues.length > 0) throw new ConfigRefused(deployment.commit, issues);
  throw new Error(`the configuration cannot be deployed: ${deployment.reason}`);
}

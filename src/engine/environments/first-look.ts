/** What a bot starts on: what is deployed, or what the remote has now where it answers at once. */
import { setTimeout as wait } from "node:timers/promises";
import { freshEnvironment, PRODUCTION } from "../../core/environment/environment.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import { carried, type DeployParts, type Followed, followed } from "./people-deploy.ts";
import { requestDeployment } from "./requests.ts";
import { ConfigRefused, type LoadedRevisions } from "./revisions.ts";

/** How long a start waits for what the remote has now, before it goes on with what was deployed. */
const FIRST_LOOK_MS = 500;

/** @returns why production runs nothing, where there is nothing to follow yet or a gate is closed */
export async function takeNewest(
  parts: DeployParts & { readonly revisions: LoadedRevisions },
): Promise<string | undefined> {
  if (!parts.revisions.environments.includes(PRODUCTION)) return await deployFirst(parts);
  const { follower, queries, deploying } = parts;
  const newest = async () => {
    await follower.look();
    for (const { id } of await queries.openDeployments(PRODUCTION)) await deploying.carryOut(id);
  };
  await Promise.race([newest(), wait(FIRST_LOOK_MS, undefined, { ref: false })]);
  return undefined;
}

/** Without a configuration that can be deployed a new bot does not start, and says why. */
async function deployFirst(parts: DeployParts): Promise<string | undefined> {
  const { follower, queries, deploying } = parts;
  if ((await follower.look()) === "away")
    throw new Error(
      `the config repository does not answer, and nothing was ever deployed from it: ${follower.trouble}`,
    );
  const [open] = await queries.openDeployments(PRODUCTION);
  const asked = open ? { ok: true as const, id: open.id } : await askAgain(parts);
  if (!asked.ok) return asked.detail ?? asked.reason;
  const { deployment, issues } = await carried(deploying, asked.id);
  if (deployment.state === "deployed") return undefined;
  if (deployment.state !== "failed") return deployment.reason ?? "it waits";
  if (issues.length > 0) throw new ConfigRefused(deployment.commit, issues);
  throw new Error(`the configuration cannot be deployed: ${deployment.reason}`);
}

/** What failed when it was started before is tried again: nothing else would run. calops asks, and no person has said yes. */
async function askAgain(parts: DeployParts): Promise<{ ok: true; id: number } | Exclude<Followed, { ok: true }>> {
  const { engine, queries, rules } = parts;
  const [production = freshEnvironment(PRODUCTION)] = await queries.environmentsNamed([PRODUCTION]);
  const wanted = await followed(parts, production);
  if (!wanted.ok) return wanted;
  const { commit, ref } = wanted;
  const asked = { environment: PRODUCTION, commit, ref, kind: "deploy", why: null, consents: [] } as const;
  const request = (ledger: Ledger) => requestDeployment(ledger, engine.scene, rules, asked, CALOPS.by);
  return { ok: true, id: await engine.do("request", request) };
}

import { PRODUCTION } from "../../core/environment/environment.ts";
import type { Environments } from "../../ports/environments.ts";
import type { PlanParts } from "./plan-between.ts";
import { ConfigRefused } from "./revisions.ts";

export async function checkNewest(parts: PlanParts): ReturnType<Environments["checkNewest"]> {
  const { queries, repository, revisions, follower } = parts;
  if ((await follower.look()) === "away") throw new Error(`the config repository does not answer: ${follower.trouble}`);
  const [production] = await queries.environmentsNamed([PRODUCTION]);
  const commit = production?.target ? await repository.commit(production.target.commit) : undefined;
  if (!commit) throw new Error(production?.trouble ?? "there is nothing to follow");
  const { id, subject } = commit;
  try {
    const { config } = await revisions.read(id);
    return { commit: id, subject, issues: [], workflows: Object.keys(config.workflows).length };
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    return { commit: id, subject, issues: error.issues, workflows: 0 };
  }
}

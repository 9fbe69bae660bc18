/** What people can do with environments, put together. */
import type { Instant } from "../../core/time.ts";
import type { Environments } from "../../ports/environments.ts";
import { type DescribeParts, describe } from "./describe.ts";
import { guardsOf } from "./guards.ts";
import { type DeployParts, deploy } from "./people-deploy.ts";
import { rollback } from "./people-roll-back.ts";
import { newest, type PlanParts, planFor, resolve } from "./plan-between.ts";

export type EnvironmentParts = DeployParts &
  Omit<DescribeParts, "answers" | "now"> &
  Pick<PlanParts, "revisions"> & { readonly now: () => Instant };

export function environmentsOf(parts: EnvironmentParts): Environments {
  return {
    ...guardsOf(parts),
    deploy: (wish, by) => deploy(parts, wish, by),
    rollback: (wish, by) => rollback(parts, wish, by),
    describe: (name) => describe({ ...parts, answers: () => parts.follower.answers }, name),
    plan: (from, to, environment) => planFor(parts, from, to, environment),
    newest: () => newest(parts),
    resolve: (word) => resolve(parts, word),
  };
}

/** Which configuration runs where, put together: what follows the remote, what deploys, and what people can do. */
import type { Config } from "../../core/config/config.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CodeHost } from "../../ports/code-host.ts";
import { RemoteAway } from "../../ports/config-repository.ts";
import type { Environments } from "../../ports/environments.ts";
import type { EnvironmentErrand } from "../outside-errands.ts";
import { checkNewest } from "./check-newest.ts";
import { Deploying, type DeployingParts } from "./deploying.ts";
import { describe } from "./describe.ts";
import { takeNewest } from "./first-look.ts";
import { Follower, type FollowerParts } from "./follower.ts";
import { guardsOf } from "./guards.ts";
import { deploy } from "./people-deploy.ts";
import { rollback } from "./people-roll-back.ts";
import { planFor } from "./plan-between.ts";
import { propose } from "./proposing.ts";
import { resolve } from "./refs.ts";
import { ConfigRefused, type LoadedRevisions, releaseRevisions } from "./revisions.ts";
import { openRevert, tellStatus } from "./statuses.ts";

export type EnvironmentParts = FollowerParts &
  DeployingParts & {
    readonly clock: Clock;
    /** Where branches are reviewed; undefined where they are not. */
    readonly host: () => CodeHost | undefined;
  };

export type FollowedEnvironments = {
  readonly follower: Follower;
  readonly people: Environments;
  /** What is done for an errand; it finishes the errand itself. */
  readonly errands: Readonly<Record<EnvironmentErrand, (ref: string) => Promise<unknown>>>;
  /** @returns why production runs nothing; undefined where it does */
  takeNewest(): Promise<string | undefined>;
  /** Checkouts go that no job and no environment needs any more. */
  releaseCheckouts(): Promise<void>;
};

export function followEnvironments(given: EnvironmentParts): FollowedEnvironments {
  const follower = new Follower(given);
  const deploying = new Deploying(given);
  const parts = { ...given, follower, deploying, now: () => given.clock.now(), answers: () => follower.answers };
  return {
    follower,
    people: {
      ...guardsOf(parts),
      deploy: (wish, by) => deploy(parts, wish, by),
      rollback: (wish, by) => rollback(parts, wish, by),
      describe: (name) => describe(parts, name),
      config: (commit) => configOf(given.revisions, commit),
      plan: (from, to, environment) => planFor(parts, from, to, environment),
      checkNewest: () => checkNewest(parts),
      resolve: (word) => resolve(parts, word),
    },
    errands: {
      deploy: (ref) => deploying.carryOut(Number(ref)),
      propose: (ref) => propose(parts, ref),
      status: (ref) => tellStatus(parts, ref),
      revert: (ref) => openRevert(parts, ref),
    },
    takeNewest: () => takeNewest(parts),
    releaseCheckouts: () => releaseRevisions(given.revisions, given.queries),
  };
}

/** An older calops may have taken what this one refuses, and a commit that nobody needs may be gone. */
async function configOf(revisions: LoadedRevisions, commit: string): Promise<Config | undefined> {
  try {
    return (await revisions.read(commit)).config;
  } catch (error) {
    if (error instanceof ConfigRefused || error instanceof RemoteAway) return undefined;
    throw error;
  }
}

/** Which configuration runs where. */
import type { Config } from "../core/config/config.ts";

/** A configuration at one commit, checked out for its jobs. */
export type Deployment = {
  readonly environment: string;
  readonly commit: string;
  readonly config: Config;
  /** Absolute path of the checkout, read-only. */
  readonly checkout: string;
};

export interface Deployments {
  /** The environments that run. */
  readonly environments: readonly string[];
  /** What new tasks of an environment begin on. */
  current(environment: string): Deployment;
  /** The configuration that a task began on; undefined when that commit is not to be had any more. */
  at(environment: string, commit: string): Deployment | undefined;
}

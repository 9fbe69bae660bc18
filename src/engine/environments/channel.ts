import { branchOf, PRODUCTION } from "../../core/environment/environment.ts";
import type { Scene } from "../scene.ts";
import type { RulesInForce } from "./rules-in-force.ts";

/** Where an environment's own messages go: those of mirrors never to production's channel. */
export function channelOf(scene: Scene, { rules }: RulesInForce, environment: string): string {
  const production = scene.revisions.current(PRODUCTION).config.channel;
  return branchOf(environment) === undefined ? production : (rules.mirrors?.channel ?? `${production}-dev`);
}

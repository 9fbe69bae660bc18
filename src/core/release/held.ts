import type { Group } from "../group/group.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { Release, ReleaseFacts } from "./release.ts";
import type { ReleaseRule } from "./rule.ts";

/** The hold of one group, with everything that it is judged by. */
export type HeldGroup = {
  readonly group: Group;
  readonly workflow: Workflow;
  readonly rule: ReleaseRule;
  readonly release: Release;
  readonly facts: ReleaseFacts;
};

/** A hold as a task declares it: so long after the end of the run, unless everything is signed before. */
import type { TasksNamed } from "../workflow/workflow.ts";

export type ReleaseRule = {
  /** After the end of the newest run of the group. */
  readonly afterMs: number;
  /** What ends it early once all of it is signed: `all` that is to be signed before it; nothing does when undefined. */
  readonly early: "all" | readonly TasksNamed[] | undefined;
  /** It is announced so long before it ends, and never ends unannounced. */
  readonly announceMs: number;
  /** Who may put it off or end it, and how many of them must say the same. */
  readonly extend: { readonly role: string; readonly persons: number };
};

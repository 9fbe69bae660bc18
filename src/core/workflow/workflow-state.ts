/**
 * What is remembered of a workflow in one environment beyond its tasks: whether it is paused, and how its last jobs ended.
 *
 *   running -> paused    by a person, or by itself when too many of its last jobs failed for good
 *   paused  -> running   by a person; the count of failures begins anew
 */
import { become, type Decision, refuse } from "../decision.ts";
import type { Hold } from "../hold.ts";
import type { Instant } from "../time.ts";
import type { Workflow } from "./workflow.ts";

export type WorkflowState = {
  readonly environment: string;
  readonly workflow: string;
  readonly paused: Hold | null;
  /** How its last jobs ended, newest last: `+` done, `-` failed for good. */
  readonly outcomes: string;
  readonly version: number;
};

export function freshState(environment: string, workflow: string): WorkflowState {
  return { environment, workflow, paused: null, outcomes: "", version: 0 };
}

export function pause(
  state: WorkflowState,
  by: string,
  why: string,
  now: Instant,
): Decision<WorkflowState, "already-paused"> {
  if (state.paused) return refuse("already-paused", state.paused.by);
  return become(state, { paused: { by, why, since: now } }, { event: "paused", why });
}

export function resume(state: WorkflowState): Decision<WorkflowState, "not-paused"> {
  if (!state.paused) return refuse("not-paused");
  return become(state, { paused: null, outcomes: "" }, { event: "resumed" });
}

/** A job ended for good. The second value says why the workflow should pause itself, if it should. */
export function countOutcome(
  state: WorkflowState,
  done: boolean,
  rule: Workflow["pauseAfter"],
): { state: WorkflowState; pauseWhy?: string } {
  if (!rule) return { state };
  const outcomes = (state.outcomes + (done ? "+" : "-")).slice(-rule.of);
  const failures = outcomes.replaceAll("+", "").length;
  const next = { ...state, outcomes };
  if (done || state.paused || failures < rule.failures) return { state: next };
  return { state: next, pauseWhy: `${failures} of its last ${outcomes.length} jobs failed for good` };
}

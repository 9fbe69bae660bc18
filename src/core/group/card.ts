/**
 * The card of a group: one message with all tasks of one key, which reads as they stand. It is made of nothing but the tasks,
 * so whatever the order in which they moved, it ends as they did.
 */
import { stateSince } from "../chat/standing.ts";
import { PRODUCTION } from "../environment/environment.ts";
import { type Block, type Button, buttons, list, type Standing, say } from "../say.ts";
import { isFinished, type Task, type TaskState } from "../task/task.ts";
import type { CardOf } from "./card-rules.ts";
import type { Grouping } from "./grouping.ts";

/** Lines that a reader of a chat goes through. */
const MOST_LINES = 30;
/** Tasks that one button speaks of: what it carries must fit into a message. */
const MOST_AT_ONCE = 20;
const LONGEST_REASON = 200;

/** Told apart also by those who see no colours. */
const SIGNS: Readonly<Record<TaskState, string>> = {
  new: "○",
  held: "○",
  ready: "○",
  processing: "▸",
  "awaiting-signoff": "?",
  done: "✓",
  failed: "✗",
  skipped: "–",
  merged: "→",
};

const HELD = "‖";

/** @param tasks of one key, in the order in which they were made; at least one */
export function groupCard(of: CardOf, tasks: readonly Task[], by: Grouping["by"] | undefined): Block[] {
  const shown = mostTelling(tasks);
  const more = tasks.length - shown.length;
  return [
    say`${groupInWords(of, by)}: ${countsInWords(tasks)}`,
    list([...shown.map(lineOf), ...(more > 0 ? [`and ${more} more`] : [])]),
    ...buttonsOf(of, tasks),
  ];
}

/** Nothing of it is to come, and nothing is to be done about it. */
export function isComplete(tasks: readonly Task[]): boolean {
  return tasks.every((task) => isFinished(task) && task.state !== "failed");
}

/** `run 8215, prompt`; of another environment than production also which. */
export function groupInWords({ environment, campaign, groupKey }: CardOf, by: Grouping["by"] | undefined): string {
  const name =
    by === "run" ? `run ${groupKey}` : by === "fill" ? groupKey.replace("fill-", "fill ") : `group ${groupKey}`;
  return [name, campaign, ...(environment === PRODUCTION ? [] : [environment])].join(", ");
}

/** What was merged is counted where its runs went. */
function countsInWords(tasks: readonly Task[]): string {
  const count = (...states: TaskState[]) => tasks.filter(({ state }) => states.includes(state)).length;
  const others: [number, string][] = [
    [count("failed"), "failed"],
    [count("processing"), "running"],
    [count("awaiting-signoff"), "to be signed"],
    [tasks.filter(isHeld).length, "held"],
    [count("skipped"), "skipped"],
  ];
  const told = others.filter(([number]) => number > 0).map(([number, what]) => `, ${number} ${what}`);
  return `${count("done")} of ${tasks.length - count("merged")} done${told.join("")}`;
}

function lineOf(task: Task): string {
  const { workflow, name, state, jobs } = task;
  const counted = jobs.total > 1 ? ` ${jobs.done}/${jobs.total} jobs` : "";
  const why = state === "done" && task.stale ? `stale: ${task.stale.why}` : reasonOf(task);
  return `${isHeld(task) ? HELD : SIGNS[state]} ${workflow}/${name} ${isHeld(task) ? "is held" : inWords(state)}${counted}${why === undefined ? "" : `: ${shortened(why)}`}`;
}

/** By a person; a lock holds whatever waits. */
function isHeld(task: Task): boolean {
  return task.hold !== null && !isFinished(task);
}

function inWords(state: TaskState): string {
  if (state === "new" || state === "held" || state === "ready") return "waits";
  if (state === "awaiting-signoff") return "waits for a sign-off";
  return state === "processing" ? "runs" : state;
}

function reasonOf({ state, reason, waiting }: Task): string | undefined {
  switch (state) {
    case "new":
    case "held":
    case "ready":
      return (waiting.find(({ lock }) => lock === "hold") ?? waiting[0])?.detail ?? reason ?? undefined;
    case "awaiting-signoff":
    case "failed":
    case "skipped":
    case "merged":
      return reason ?? undefined;
    default:
      return undefined;
  }
}

function shortened(why: string): string {
  const line = why.split("\n")[0] ?? "";
  return [...line].length <= LONGEST_REASON ? line : `${[...line].slice(0, LONGEST_REASON).join("")}…`;
}

/** Where there are too many, what is done goes unsaid before what is not. */
function mostTelling(tasks: readonly Task[]): readonly Task[] {
  if (tasks.length <= MOST_LINES) return tasks;
  const rank = ({ state }: Task) => ["failed", "awaiting-signoff", "processing", "held", "ready", "new"].indexOf(state);
  const open = tasks.filter((task) => rank(task) >= 0).sort((a, b) => rank(a) - rank(b));
  const kept = new Set([...open, ...tasks.filter((task) => rank(task) < 0)].slice(0, MOST_LINES));
  return tasks.filter((task) => kept.has(task));
}

function buttonsOf({ environment }: CardOf, tasks: readonly Task[]): Block[] {
  const there = environment === PRODUCTION ? [] : ["--env", environment];
  const failed = tasks.filter(({ state }) => state === "failed").slice(0, MOST_AT_ONCE);
  const [first] = [...failed, ...tasks.filter((task) => !isFinished(task))];
  if (!first) return [];
  const one = (label: string, command: string): Button => ({ label, words: [command, String(first.id), ...there] });
  const retry: Button = {
    label: "Retry failed",
    words: ["retry", ...failed.map(({ id }) => String(id)), ...there],
    look: "primary",
    while: failedSince(failed),
  };
  return [failed.length > 0 ? buttons(retry, one("Why", "why"), one("Logs", "logs")) : buttons(one("Why", "why"))];
}

function failedSince(failed: readonly Task[]): Standing {
  return { tasks: failed.map(({ id }) => id), state: "failed", since: Math.max(...failed.map(stateSince)) };
}

/** What one shift tells the next: what failed, what waits, what was deployed. */
import type { Alert } from "../alert/alert.ts";
import { matchersInWords, type Silence } from "../alert/silence.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { shortCommit } from "../environment/environment.ts";
import { type Block, list, moment, type Part, parts, plural, say } from "../say.ts";
import { whoMaySign } from "../signoff/card.ts";
import { type Signoff, signoffInWords } from "../signoff/signoff.ts";
import { type Task, taskInWords } from "../task/task.ts";
import type { Instant } from "../time.ts";

export type DigestFacts = {
  readonly rota: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The shift that it tells of. */
  readonly since: Instant;
  readonly until: Instant;
  /** All that are not resolved. */
  readonly firing: readonly Alert[];
  /** Resolved in the shift. */
  readonly resolved: readonly Alert[];
  readonly waiting: readonly { readonly workflow: string; readonly tasks: number }[];
  /** Results that wait for somebody's signature, the newest first. */
  readonly toSign: readonly Signoff[];
  readonly held: readonly Task[];
  /** Not carried out yet. */
  readonly pending: readonly Deployment[];
  /** Carried out in the shift. */
  readonly deployed: readonly Deployment[];
  readonly silences: readonly Silence[];
};

const SHOWN = 10;

export function digestInWords(facts: DigestFacts): Block[] {
  const { rota, from, to, since, until, firing, resolved } = facts;
  const who =
    to === undefined
      ? `${from ?? "nobody"} goes, and nobody comes`
      : from === undefined
        ? `${to} comes`
        : `${to} takes over from ${from}`;
  return [
    say`Hand-over of ${rota}: ${who}. From ${moment(since)} to ${moment(until)}:`,
    ...section("Failed, and not well again:", firing.map(alertLine), "Nothing is failed."),
    ...(resolved.length === 0
      ? []
      : [
          say`${plural(resolved.length, "alert")} resolved: ${resolved
            .slice(-SHOWN)
            .map((one) => `${one.workflow}/${one.task} (${one.handledBy ?? "by itself"})`)
            .join(", ")}.`,
        ]),
    ...section(
      "Waits:",
      [
        ...facts.waiting.map(
          ({ workflow, tasks }) =>
            parts`${plural(tasks, "task")} of ${workflow} (tasks --workflow ${workflow} --waiting)`,
        ),
        ...facts.toSign.map(
          (one) =>
            parts`task ${one.taskId}, ${signoffInWords(one)}, to be signed by ${whoMaySign(one)}, since ${moment(one.turnSince)}`,
        ),
        ...facts.held.map(
          (task) => parts`task ${task.id}, ${taskInWords(task)}, held by ${task.hold?.by}: ${task.hold?.why}`,
        ),
        ...facts.pending.map(
          (one) =>
            parts`deployment ${one.id} of ${shortCommit(one.commit)} to ${one.environment}: ${one.waiting.map(({ detail }) => detail).join("; ") || "about to be carried out"}`,
        ),
        ...facts.silences.map(
          (one) =>
            parts`silence ${one.id} of ${matchersInWords(one.matchers)} by ${one.by} until ${moment(one.until)}: ${one.why}`,
        ),
      ],
      "Nothing waits.",
    ),
    ...section(
      "Was deployed:",
      facts.deployed.map(
        (one) => parts`${shortCommit(one.commit)} to ${one.environment} at ${moment(one.endedAt)}: ${one.subject}`,
      ),
      "Nothing was deployed.",
    ),
  ];
}

function alertLine(alert: Alert): Part[] {
  const { id, workflow, task, open, severity, evidence, acknowledged, quiet } = alert;
  const hand = acknowledged ? `, in hand of ${acknowledged.by}` : quiet ? ", silenced" : "";
  return parts`alert ${id} (${severity}${hand}): ${workflow}/${task} of ${plural(open, "task")} since ${moment(alert.firstAt)}: ${evidence.firstError ?? evidence.reason}`;
}

function section(title: string, lines: readonly (readonly Part[])[], none: string): Block[] {
  if (lines.length === 0) return [say`${none}`];
  const shown = lines.slice(0, SHOWN);
  const more = lines.length - shown.length;
  return [say`${title}`, list([...shown, ...(more > 0 ? [`and ${more} more`] : [])])];
}

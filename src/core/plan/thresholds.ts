/** Everything that decides whether a result, a run or a task passes, and how it changed. */
import type { Config } from "../config/config.ts";
import type { RunInterval } from "../config/values.ts";
import type { Expression } from "../expression/expression.ts";
import { plural } from "../say.ts";
import type { Stage } from "../stage/stage.ts";
import { lockInWords } from "../workflow/lock-words.ts";
import type { LockDefinition, TaskDefinition, Workflow } from "../workflow/workflow.ts";
import { conditionChanges } from "./condition.ts";
import { asked, given, type Judged, type JudgedChange, judge, least, ranked } from "./judged.ts";
import { releaseChanges } from "./release-change.ts";
import { inBoth } from "./settings.ts";
import { signoffChanges } from "./signoff-changes.ts";
import { validateChanges } from "./validate-changes.ts";
import type { Ask } from "./workflow-settings.ts";
import { length, runs } from "./written.ts";

export function workflowThresholds(before: Workflow, after: Workflow): JudgedChange[] {
  const of = after.name;
  return [
    ...conditionChanges({ of, what: "select" }, textsOf(before.select), textsOf(after.select)),
    ...pauseChanges({ of, what: "pause-after" }, before.pauseAfter, after.pauseAfter),
  ];
}

/** @param of its name with that of its workflow */
export function taskThresholds(of: string, before: TaskDefinition, after: TaskDefinition): JudgedChange[] {
  return [
    ...repeatChanges(of, before.repeat, after.repeat),
    ...lockChanges(of, before.locks, after.locks),
    ...validateChanges(of, before.validation, after.validation),
    ...signoffChanges(of, before.signoff, after.signoff),
  ];
}

/** What holds for every run. */
export function runThresholds(of: string, { runRules: before }: Config, { runRules: after }: Config): JudgedChange[] {
  return [
    ...numberChanges({ of, what: "runs.numbers" }, before.numbers, after.numbers),
    ...asked({ of, what: "runs.required" }, before.required, after.required),
    ...asked({ of, what: "runs.constant" }, before.constant, after.constant),
    ...conditionChanges(
      { of, what: "runs.rules" },
      before.checks.map(({ check }) => check.text),
      after.checks.map(({ check }) => check.text),
    ),
  ];
}

export function runTypeThresholds({ runTypes: before }: Config, { runTypes: after }: Config): JudgedChange[] {
  // Without run types every workflow takes every run that its own `select` lets through.
  if (!before || !after) {
    const words = (types: NonNullable<Config["runTypes"]>) => `one of ${Object.keys(types).join(", ")}`;
    return asked({ of: "runtypes.yaml", what: "run types" }, given(before, words), given(after, words));
  }
  return inBoth(before, after).flatMap(([name, old, now]) =>
    conditionChanges({ of: `run type ${name}`, what: "filter" }, [old.filter.text], [now.filter.text]),
  );
}

/** When the data sets that tasks wait for are complete. */
export function stageThresholds({ stages: before }: Config, { stages: after }: Config): JudgedChange[] {
  const named = ({ tasks }: Stage) =>
    tasks.map(({ workflow, task }) => (task === undefined ? workflow : `${workflow}/${task}`));
  return inBoth(before, after).flatMap(([name, old, now]) => {
    const of = `data set ${name}`;
    return [
      ...conditionChanges({ of, what: "runs" }, textsOf(old.runs), textsOf(now.runs)),
      ...asked({ of, what: "tasks" }, named(old), named(now)),
      ...ranked({ of, what: "of" }, old.of, now.of, "group"),
    ];
  });
}

function textsOf(expression: Expression | undefined): string[] {
  return given(expression, ({ text }) => text);
}

function repeatChanges(of: string, before: TaskDefinition["repeat"], after: TaskDefinition["repeat"]): JudgedChange[] {
  const until = conditionChanges({ of, what: "repeat.until" }, textsOf(before?.until), textsOf(after?.until));
  if (!before?.until || !after?.until) return until;
  // Where what does not meet the condition fails, the rounds are only a matter of patience.
  const accepts = before.otherwise === "accept" && after.otherwise === "accept";
  return [
    ...until,
    ...ranked({ of, what: "repeat.otherwise" }, before.otherwise, after.otherwise, "accept"),
    ...(accepts ? least({ of, what: "repeat.max" }, before.max, after.max) : []),
  ];
}

/** A workflow that pauses itself later lets more failures pass. */
function pauseChanges(judged: Judged, before: Workflow["pauseAfter"], after: Workflow["pauseAfter"]): JudgedChange[] {
  if (before?.failures === after?.failures && before?.of === after?.of) return [];
  const words = (rule: Workflow["pauseAfter"]) =>
    rule ? `${plural(rule.failures, "failure")} of ${plural(rule.of, "job")}` : "never";
  const failures = (rule: Workflow["pauseAfter"]) => rule?.failures ?? Number.POSITIVE_INFINITY;
  const window = (rule: Workflow["pauseAfter"]) => rule?.of ?? 0;
  return [
    judge(
      judged,
      { from: words(before), to: words(after) },
      {
        allOfBefore: failures(after) >= failures(before) && window(after) <= window(before),
        allOfAfter: failures(before) >= failures(after) && window(before) <= window(after),
      },
    ),
  ];
}

function lockChanges(of: string, before: readonly LockDefinition[], after: readonly LockDefinition[]): JudgedChange[] {
  const [oldDelay, newDelay] = [delayOf(before), delayOf(after)];
  const delay = { of, what: "locks.delay" };
  const [oldAsks, newAsks] = [asksOf(before), asksOf(after)];
  const stays = newAsks.filter(({ what }) => oldAsks.some((one) => one.what === what));
  return [
    ...(oldDelay === undefined || newDelay === undefined
      ? asked(delay, given(oldDelay, length), given(newDelay, length))
      : least(delay, oldDelay, newDelay, length)),
    ...releaseChanges(of, before, after),
    ...asked({ of, what: "locks.stage" }, stagesIn(before), stagesIn(after)),
    ...asked({ of, what: "locks.signoff" }, signoffsIn(before), signoffsIn(after)),
    ...asked({ of, what: "locks.ask" }, whatOf(oldAsks), whatOf(newAsks)),
    ...[...new Set(whatOf(stays))].flatMap((what) =>
      conditionChanges({ of, what: `locks.ask "${what}" open` }, opensOf(oldAsks, what), opensOf(newAsks, what)),
    ),
  ];
}

function signoffsIn(locks: readonly LockDefinition[]): string[] {
  return locks.flatMap((lock) => (lock.kind === "signoff" ? [lockInWords(lock, "")] : []));
}

function stagesIn(locks: readonly LockDefinition[]): string[] {
  return locks.flatMap((lock) => (lock.kind === "stage" ? [lock.stage] : []));
}

/** All delays must be over: the longest counts. */
function delayOf(locks: readonly LockDefinition[]): number | undefined {
  const delays = locks.flatMap((lock) => (lock.kind === "delay" ? [lock.ms] : []));
  return delays.length === 0 ? undefined : Math.max(...delays);
}

export function asksOf(locks: readonly LockDefinition[]): Ask[] {
  return locks.filter((lock) => lock.kind === "ask");
}

function whatOf(asks: readonly Ask[]): string[] {
  return asks.map(({ what }) => what);
}

function opensOf(asks: readonly Ask[], what: string): string[] {
  return asks.filter((ask) => ask.what === what).map(({ open }) => open.text);
}

function numberChanges(
  judged: Judged,
  before: readonly RunInterval[] | undefined,
  after: readonly RunInterval[] | undefined,
): JudgedChange[] {
  if (before === undefined || after === undefined) return asked(judged, given(before, runs), given(after, runs));
  if (runs(before) === runs(after)) return [];
  return [
    judge(
      judged,
      { from: runs(before), to: runs(after) },
      { allOfBefore: covers(after, before), allOfAfter: covers(before, after) },
    ),
  ];
}

/** Whether every number of `inner` is in `outer`. */
function covers(outer: readonly RunInterval[], inner: readonly RunInterval[]): boolean {
  const sorted = [...outer].sort((a, b) => a.from - b.from);
  return inner.every(({ from, to }) => {
    let next = from;
    for (const interval of sorted) if (interval.from <= next) next = Math.max(next, interval.to + 1);
    return next > to;
  });
}

/** From the shape of one task of a workflow file to its definition. */
import type { Severity } from "../alert/severity.ts";
import type { Grouping } from "../group/grouping.ts";
import { placeNames } from "../job/places.ts";
import { choices } from "../text/nearest.ts";
import type { LockDefinition, Need, Repeat, Split, TaskDefinition } from "../workflow/workflow.ts";
import type { Checker } from "./checker.ts";
import { conditionsOf, constantsOf, publishOf } from "./compile-publish.ts";
import { compileRelease } from "./compile-release.ts";
import { signoffOf } from "./compile-signoff.ts";
import { validationOf } from "./compile-validate.ts";
import type { Path } from "./path.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TaskYaml } from "./workflow-yaml.ts";

type TaskInFile = {
  readonly name: string;
  readonly raw: TaskYaml;
  readonly workflow: string;
  /** The workflow's own. */
  readonly severity: Severity;
  readonly grouping: Grouping;
  readonly parameters: Readonly<Record<string, string>>;
  readonly around: Surroundings;
  readonly check: Checker;
};

export function compileTask(task: TaskInFile): TaskDefinition {
  const { name, raw, around, check } = task;
  const { defaults } = around;
  const executor = raw.executor ?? defaults.executor;
  check.reference(pathOf(task, "executor"), executor, around.executors, `no executor is called ${executor}`);
  checkPlaces(task);
  return {
    name,
    description: raw.description,
    severity: raw.severity ?? task.severity,
    needs: raw.needs.flatMap((word, index) => needOf(task, word, pathOf(task, "needs", index))),
    locks: raw.locks.map((lock, index) => lockOf(task, lock, pathOf(task, "locks", index))),
    run: raw.run,
    combine: raw.combine,
    split: splitOf(task),
    repeat: repeatOf(task),
    executor,
    retries: raw.retries ?? defaults.retries,
    backoff: raw.backoff ?? defaults.backoff,
    walltimeMs: raw.walltime ?? defaults.walltime,
    errors: [...raw.errors, ...defaults.errors],
    env: raw.env,
    constants: raw.constants && constantsOf(raw.constants, pathOf(task, "constants"), task),
    publish: raw.publish && publishOf(raw.publish, pathOf(task, "publish"), task),
    validation: raw.validate && validationOf(raw.validate, pathOf(task, "validate"), check, around.scopes),
    signoff: raw.signoff && signoffOf(raw.signoff, pathOf(task, "signoff"), check, around),
  };
}

function checkPlaces(task: TaskInFile): void {
  const { raw, check, workflow, around } = task;
  const places = placesOf(task, "job");
  const directory = `workflows/${workflow}`;
  check.command(pathOf(task, "run"), raw.run, places, directory, around.programs);
  if (raw.combine) {
    check.command(
      pathOf(task, "combine"),
      raw.combine,
      places.filter((place) => place !== "value"),
      directory,
      around.programs,
    );
    if (!raw.split)
      check.report(
        pathOf(task, "combine"),
        "conflict",
        "there is nothing to combine: the task has one job",
        "add split, or leave combine out",
      );
  }
  for (const [variable, value] of Object.entries(raw.env)) check.places(pathOf(task, "env", variable), value, places);
}

function pathOf(task: TaskInFile, ...path: PropertyKey[]): Path {
  return ["tasks", task.name, ...path];
}

function placesOf({ grouping, parameters, around, raw }: TaskInFile, when: "lock" | "job"): string[] {
  return placeNames(
    {
      grouping,
      attributes: around.attributes,
      parameters,
      hasValue: raw.split?.values !== undefined,
      constants: raw.constants?.payloads ?? [],
    },
    when,
  );
}

/** A task as it is named outside its workflow: `calibrate` of t0 is `t0/calibrate`. */
export function fullName(word: string, workflow: string): string {
  return word.includes("/") ? word : `${workflow}/${word}`;
}

/** `calibrate` or `t0/calibrate`; an unknown one is reported and left out. */
function needOf({ workflow, around, check }: TaskInFile, word: string, path: Path): Need[] {
  const [first = "", task = "", ...rest] = fullName(word, workflow).split("/");
  const tasks = around.tasks.get(first);
  const isReadable = tasks !== undefined || !around.tasks.has(first);
  if (rest.length === 0 && (tasks?.includes(task) || !isReadable)) return [{ workflow: first, task }];
  const own = around.tasks.get(workflow) ?? [];
  const others = [...around.tasks]
    .filter(([other]) => other !== workflow)
    .flatMap(([other, theirs = []]) => theirs.map((one) => `${other}/${one}`));
  const known = word.includes("/") ? others : [...own, ...others];
  check.report(path, "unknown-reference", `there is no task ${word}`, choices(word, known));
  return [];
}

function lockOf(task: TaskInFile, lock: TaskYaml["locks"][number], path: Path): LockDefinition {
  const { check, grouping, around, workflow } = task;
  if (lock.conditions !== undefined)
    return { kind: "conditions", ...conditionsOf(lock.conditions, [...path, "conditions"], task) };
  if (lock.released !== undefined) return compileRelease(lock.released, [...path, "released"], task);
  if (lock.signoff !== undefined) return signoffLock(task, lock.signoff, [...path, "signoff"]);
  if (lock.stage !== undefined) return stageLock(task, lock.stage, [...path, "stage"]);
  if (lock.ask === undefined) {
    if (grouping.by === "tick") {
      check.report(
        [...path, "delay"],
        "conflict",
        "a delay counts from the end of a run, and this workflow has none",
        "leave it out, or change schedule",
      );
    }
    return { kind: "delay", ms: lock.delay ?? 0 };
  }
  const { what, owner, url, run, open, every } = lock.ask;
  const places = placesOf(task, "lock");
  if (url !== undefined) {
    check.places([...path, "ask", "url"], url, places);
    if (!/^https?:\/\//.test(url))
      check.report([...path, "ask", "url"], "wrong-value", `"${url}" is not a web address`, "write https://...");
  }
  if (run) check.command([...path, "ask", "run"], run, places, `workflows/${workflow}`, around.programs);
  const condition = check.expression([...path, "ask", "open"], open, around.scopes.answer, "bool");
  return { kind: "ask", what, owner, url, run, open: condition, everyMs: every };
}

function signoffLock(
  task: TaskInFile,
  { task: word, role }: NonNullable<TaskYaml["locks"][number]["signoff"]>,
  path: Path,
): LockDefinition {
  const at = role === undefined ? path : [...path, "task"];
  const [need = { workflow: task.workflow, task: task.name }] = needOf(task, word, at);
  if (role !== undefined && task.around.owners)
    task.check.reference([...path, "role"], role, task.around.owners, `no role or person is called ${role}`);
  return { kind: "signoff", need, role };
}

function stageLock({ check, around, grouping }: TaskInFile, stage: string, path: Path): LockDefinition {
  check.reference(path, stage, Object.keys(around.stages), `calops.yaml declares no data set ${stage} under stages`);
  if (grouping.by === "tick" && around.stages[stage] === "group")
    check.report(
      path,
      "conflict",
      `${stage} is about the runs of a group, and this workflow has none`,
      "leave it out, or change schedule",
    );
  return { kind: "stage", stage };
}

function splitOf(task: TaskInFile): Split {
  const { raw, check, grouping, around, workflow } = task;
  if (!raw.split) return { by: "one" };
  const { jobs, values, files, per } = raw.split;
  const path = pathOf(task, "split");
  const within = grouping.by === "run" ? around.scopes.run : around.scopes.none;
  if (per !== undefined && files === undefined) {
    check.report([...path, "per"], "conflict", "per counts files", "write files: all beside it, or leave it out");
  }
  if (jobs !== undefined)
    return { by: "number", jobs: check.expression([...path, "jobs"], String(jobs), within, "int") };
  if (Array.isArray(values)) return { by: "values", values };
  if (values !== undefined)
    return { by: "values", values: check.expression([...path, "values"], values as string, within, "dyn") };

  if (raw.needs.length === 0)
    check.report(
      [...path, "files"],
      "conflict",
      "the task needs no other task, so there are no files",
      "add needs, or split by jobs or values",
    );
  if (files === undefined || files === "all") return { by: "files", per: per ?? 1 };
  const [from] = needOf(task, files, [...path, "files"]);
  const needs = raw.needs.map((word) => fullName(word, workflow));
  if (from && !needs.includes(`${from.workflow}/${from.task}`)) {
    check.report(
      [...path, "files"],
      "unknown-reference",
      `the task does not need ${files}`,
      `add it to needs, or write one of all, ${raw.needs.join(", ")}`,
    );
  }
  return { by: "files", from, per: per ?? 1 };
}

function repeatOf(task: TaskInFile): Repeat | undefined {
  const { repeat } = task.raw;
  if (!repeat) return undefined;
  const until =
    repeat.until === undefined
      ? undefined
      : task.check.expression(pathOf(task, "repeat", "until"), repeat.until, task.around.scopes.repeat, "bool");
  return { until, max: repeat.max, otherwise: repeat.otherwise };
}

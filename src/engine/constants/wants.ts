/**
 * Constants that a task wants before it begins. Each is a question of its own to whoever keeps tags, asked beside the turns; what nobody
 * can answer is unknown, and unknown is closed. It is asked again when calops itself has changed the tag, and now and then.
 */
import { tagNamed } from "../../core/campaign/tags.ts";
import type { Iov } from "../../core/conditions/iov.ts";
import { spanOfRuns } from "../../core/conditions/moment-of.ts";
import { askAgainAt, type Found, OWN_CONSTANTS, sameWant, usesOf, type Want } from "../../core/conditions/want.ts";
import { type ConditionsRule, missing, searchSpan } from "../../core/conditions/wanted.ts";
import { isFinished } from "../../core/task/task.ts";
import { cleanLine } from "../../core/text/clean.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Ledger } from "../ledger.ts";
import type { Declared } from "../stages/declared.ts";

/** What is known of each want of a task; a new one, or one that asks something else now, is put on the list to be asked. */
export async function wantsOf(ledger: Ledger, declared: Declared): Promise<Want[]> {
  const rules = rulesOf(declared);
  if (rules.length === 0) return [];
  const { task } = declared;
  const runs = await ledger.runs.all(await ledger.ask((loads) => loads.runsOfGroup(task.groupId)));
  const known = await ledger.ask((loads) => loads.wants(task.id));
  return rules.map(({ rule, position }) => {
    const before = known.find((one) => one.position === position);
    // An answer to what was asked before is none to this.
    const fresh = { ...wantOf(ledger, declared, rule, position, runs), round: (before?.round ?? 0) + 1 };
    if (before?.waiting && sameWant(before, fresh)) return before;
    ledger.put("wants", fresh);
    if (fresh.state === "unknown") ledger.wake({ kind: "want", ref: refOf(fresh) });
    return fresh;
  });
}

/** What its jobs will be given is written down with its beginning; nothing that changes from now on keeps it back. */
export async function freezeConstants(ledger: Ledger, { task, definition }: Declared): Promise<string> {
  if (!definition.constants && !definition.locks.some((lock) => lock.kind === "conditions")) return "";
  const wants = await ledger.ask((loads) => loads.wants(task.id));
  for (const want of wants) ledger.put("wants", { ...want, waiting: false });
  const uses = wants.filter((want) => want.position === OWN_CONSTANTS).flatMap(usesOf);
  for (const use of uses) ledger.put("constantUses", use);
  return uses.map(({ type, payload }) => `${type} ${payload}`).join(" ");
}

type Rule = { readonly rule: ConditionsRule; readonly position: number };

function rulesOf({ definition }: Declared): Rule[] {
  const locks = definition.locks.flatMap((lock, position) =>
    lock.kind === "conditions" ? [{ rule: lock, position }] : [],
  );
  return definition.constants ? [...locks, { rule: definition.constants, position: OWN_CONSTANTS }] : locks;
}

function wantOf(
  ledger: Ledger,
  { task, revision: { config } }: Declared,
  rule: ConditionsRule,
  position: number,
  runs: Parameters<typeof spanOfRuns>[0],
): Want {
  const campaign = config.campaigns[task.campaign];
  const tag = campaign && tagNamed(campaign, rule.tag, task.workflow);
  const span = spanOfRuns(runs, config.conditions);
  const problem =
    tag === undefined
      ? `the campaign ${task.campaign} names no ${rule.tag}: add it to campaigns/${task.campaign}.yaml`
      : span.known
        ? undefined
        : span.why;
  return {
    taskId: task.id,
    position,
    attempt: task.attempt,
    environment: task.environment,
    tag: tag ?? rule.tag,
    types: rule.types,
    holding: rule.holding,
    span: span.known ? span.span : { from: { major: 0, minor: 0 }, until: null },
    state: problem === undefined ? "unknown" : "closed",
    detail: problem ?? "asked, no answer yet",
    found: [],
    askedAt: ledger.now,
    failures: 0,
    waiting: true,
    round: 1,
  };
}

export type FoundOut = Pick<Want, "state" | "detail" | "found" | "round">;

/** Asks; undefined where the task does not wait for it any more. */
export async function lookFor(queries: Queries, conditions: Conditions, ref: string): Promise<FoundOut | undefined> {
  const want = await named(ref, (task) => queries.wants(task));
  if (!want?.waiting) return undefined;
  return { ...(await answerTo(want, conditions)), round: want.round };
}

async function answerTo(want: Want, conditions: Conditions): Promise<Omit<FoundOut, "round">> {
  const tag = { environment: want.environment, name: want.tag };
  try {
    if (!(await conditions.tag(tag))) return { state: "closed", detail: `there is no tag ${want.tag}`, found: [] };
    const span = searchSpan(want.holding, want.span);
    const found: Iov[] = [];
    for (const type of want.types) found.push(...(await conditions.iovs(tag, { type, span })));
    const lacking = missing(want, want.span, found);
    if (lacking.length > 0) return { state: "closed", detail: lacking.join("; "), found: [] };
    const detail = `${want.types.join(", ")} are there`;
    return {
      state: "open",
      detail,
      found: want.position === OWN_CONSTANTS ? await withPlaces(conditions, found) : [],
    };
  } catch (error) {
    if (!(error instanceof ConditionsUnavailable)) throw error;
    return { state: "unknown", detail: cleanLine(`no answer: ${error.message}`), found: [] };
  }
}

async function withPlaces(conditions: Conditions, iovs: readonly Iov[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const iov of iovs) found.push({ ...iov, place: await conditions.placeOf(iov.payload) });
  return found;
}

/** What was found is written down, and the task looks at its locks again. */
export async function takeFound(ledger: Ledger, ref: string, answer: FoundOut | undefined): Promise<void> {
  await ledger.transaction.finishErrand({ kind: "want", ref });
  const want = await named(ref, (task) => ledger.ask((loads) => loads.wants(task)));
  if (!answer || !want?.waiting) return;
  const task = await ledger.tasks.get(want.taskId);
  if (!task || isFinished(task)) return ledger.put("wants", { ...want, waiting: false });
  if (answer.round !== want.round) return ledger.wake({ kind: "want", ref });
  const next: Want = {
    ...want,
    ...answer,
    askedAt: ledger.now,
    failures: answer.state === "unknown" ? want.failures + 1 : 0,
  };
  ledger.put("wants", next);
  ledger.wake({ kind: "want", ref }, askAgainAt(next, ledger.now));
  if (next.state !== want.state || next.detail !== want.detail) ledger.wake({ kind: "task", ref: String(want.taskId) });
}

export function refOf({ taskId, position }: Pick<Want, "taskId" | "position">): string {
  return `${taskId} ${position}`;
}

async function named(ref: string, wants: (taskId: number) => Promise<Want[]>): Promise<Want | undefined> {
  const [task, position] = ref.split(" ").map(Number);
  return task === undefined ? undefined : (await wants(task)).find((one) => one.position === position);
}

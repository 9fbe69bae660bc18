/** A stretch of a global tag holds otherwise now: who waits for it asks again, and results that used what held before are stale. */
import type { ChangeReport } from "../../core/conditions/change.ts";
import { compareEnds, type Iov, type Span, sharesMoment } from "../../core/conditions/iov.ts";
import { compareMoments, momentInWords, readMoment } from "../../core/conditions/moment.ts";
import type { TagRef } from "../../core/conditions/tag.ts";
import { anew, type ConstantUse, changeInWords, isRevoked } from "../../core/conditions/want.ts";
import { searchSpan } from "../../core/conditions/wanted.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
import { goStale } from "../../core/task/life.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { freshenIfAsMade } from "../stages/staleness.ts";
import { refOf } from "./wants.ts";

/** So many uses are looked at in one bite. */
const AT_ONCE = 200;
const AGAIN_MS = 60_000;

/** Type by type, from the first to the last moment at which it holds otherwise. */
export async function constantsChanged(
  ledger: Ledger,
  { revisions }: Pick<Scene, "revisions">,
  tag: TagRef & { readonly version: number },
  { added, removed, cut }: ChangeReport,
): Promise<void> {
  const { version } = tag;
  // Mirrors read production's tags, but for those that they have themselves, and these come to "as it was".
  const environments = tag.environment === PRODUCTION ? [PRODUCTION, ...revisions.environments] : [tag.environment];
  const touched: readonly Iov[] = [...added, ...removed, ...cut.flatMap(({ before, after }) => [before, after])];
  for (const [type, iovs] of Map.groupBy(touched, (iov) => iov.type)) {
    const from = iovs.map((iov) => iov.from).sort(compareMoments)[0];
    const until =
      iovs
        .map((iov) => iov.until)
        .sort(compareEnds)
        .at(-1) ?? null;
    if (!from) continue;
    const span = { from, until };
    for (const environment of new Set(environments)) {
      const there = { environment, name: tag.name };
      // At once: whoever begins from now on has asked after the change, or is found by its use.
      await askAnew(ledger, there, type, span);
      ledger.wake({ kind: "constants", ref: writeRef({ tag: there, type, span, version, after: 0 }) });
    }
  }
}

type Stretch = {
  readonly tag: TagRef;
  readonly type: string;
  readonly span: Span;
  /** Of the tag, after the change: another change of the same stretch is looked at by itself. */
  readonly version: number;
  readonly after: number;
};

/** Asks what holds now, and gives back what is to be written of it. */
export async function lookAtUses(
  queries: Queries,
  conditions: Conditions,
  ref: string,
): Promise<(ledger: Ledger, scene: Scene) => Promise<void>> {
  const stretch = readRef(ref);
  const { tag, type, span, after } = stretch;
  const { uses, tasks } = await queries.usesWithin(
    { environment: tag.environment, tag: tag.name, type },
    span,
    after,
    AT_ONCE,
  );
  let looked: ConstantUse[];
  try {
    looked = await compared(conditions, tag, uses);
  } catch (error) {
    if (!(error instanceof ConditionsUnavailable)) throw error;
    return async (ledger) => {
      await ledger.transaction.finishErrand({ kind: "constants", ref });
      ledger.wake({ kind: "constants", ref }, ledger.now + AGAIN_MS);
    };
  }
  return async (ledger, scene) => {
    await ledger.transaction.finishErrand({ kind: "constants", ref });
    for (const use of looked) ledger.put("constantUses", use);
    for (const id of new Set(looked.map((use) => use.taskId))) await judge(ledger, scene, id);
    const last = uses.at(-1)?.taskId;
    if (tasks === AT_ONCE && last !== undefined)
      ledger.wake({ kind: "constants", ref: writeRef({ ...stretch, after: last }) });
  };
}

async function compared(conditions: Conditions, tag: TagRef, uses: readonly ConstantUse[]): Promise<ConstantUse[]> {
  const looked: ConstantUse[] = [];
  for (const of of Map.groupBy(uses, ({ taskId, attempt }) => `${taskId} ${attempt}`).values()) {
    const [first] = of;
    if (!first) continue;
    const now = await conditions.iovs(tag, { type: first.type, span: first.span });
    const changed = changeInWords(
      first,
      of.map((use) => use.payload),
      now.map((iov) => iov.payload),
    );
    // What is revoked stays so, whatever a tag that takes nothing back holds.
    looked.push(...of.map((use) => ({ ...use, changed: isRevoked(use) ? use.changed : changed })));
  }
  return looked;
}

/** Only what was used by the present attempt counts. */
async function judge(ledger: Ledger, scene: Scene, taskId: number): Promise<void> {
  const task = await ledger.tasks.get(taskId);
  if (!task) return;
  const uses = await ledger.ask((loads) => loads.constantsUsed(taskId, task.attempt));
  const changes = [...new Set(uses.flatMap((use) => use.changed ?? []))];
  if (changes.length > 0) ledger.tasks.accept(goStale(task, changes.join("; "), ledger.now));
  else await freshenIfAsMade(ledger, scene, task);
}

async function askAnew(ledger: Ledger, { environment, name }: TagRef, type: string, span: Span): Promise<void> {
  for (let after = 0; ; ) {
    const wants = await ledger.ask((loads) => loads.waitingWants(environment, name, after, AT_ONCE));
    const touched = wants.filter(
      (want) => want.types.includes(type) && sharesMoment(searchSpan(want.holding, want.span), span),
    );
    for (const want of touched) {
      ledger.put("wants", anew(want));
      ledger.wake({ kind: "want", ref: refOf(want) });
    }
    const last = wants.at(-1);
    if (!last || wants.length < AT_ONCE) return;
    // The page may end between two wants of one task.
    after = last.taskId - 1;
  }
}

/** Nothing in it has a space: `production prompt t0 8215 8230.12 7 0`, with `-` for an open end. */
function writeRef({ tag, type, span: { from, until }, version, after }: Stretch): string {
  return [
    tag.environment,
    tag.name,
    type,
    momentInWords(from),
    until ? momentInWords(until) : "-",
    version,
    after,
  ].join(" ");
}

function readRef(ref: string): Stretch {
  const [environment = "", name = "", type = "", from = "", until = "", version = "", after = ""] = ref.split(" ");
  const begin = readMoment(from);
  if (!begin) throw new Error(`${ref} names no stretch of a tag`);
  return {
    tag: { environment, name },
    type,
    span: { from: begin, until: readMoment(until) ?? null },
    version: Number(version),
    after: Number(after),
  };
}

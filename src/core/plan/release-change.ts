/** How a hold for release changed. One that lasts longer, or is ended early by more, lets less pass unseen. */
import { formatDuration } from "../time.ts";
import { type LockDefinition, needName } from "../workflow/workflow.ts";
import { asked, given, type JudgedChange, least } from "./judged.ts";
import { length } from "./written.ts";

type Hold = Extract<LockDefinition, { kind: "released" }>;

export function releaseChanges(
  of: string,
  before: readonly LockDefinition[],
  after: readonly LockDefinition[],
): JudgedChange[] {
  const [old, now] = [holdOf(before), holdOf(after)];
  const what = (key: string) => ({ of, what: `locks.released.${key}` });
  if (!old || !now) return asked({ of, what: "locks.released" }, given(old, inWords), given(now, inWords));
  return [
    ...least(what("after"), old.afterMs, now.afterMs, length),
    ...least(what("announce"), old.announceMs, now.announceMs, length),
    ...least(what("extend.persons"), old.extend.persons, now.extend.persons),
    ...turned(what("early"), earlyInWords(old), earlyInWords(now)),
    ...turned(what("extend.role"), old.extend.role, now.extend.role),
  ];
}

function holdOf(locks: readonly LockDefinition[]): Hold | undefined {
  return locks.find((lock) => lock.kind === "released");
}

function turned(judged: { of: string; what: string }, from: string, to: string): JudgedChange[] {
  return from === to ? [] : [{ ...judged, from, to, direction: "changed" }];
}

function inWords({ afterMs, extend }: Hold): string {
  return `${formatDuration(afterMs)} after the run, put off or ended by ${extend.persons} with the role ${extend.role}`;
}

function earlyInWords({ early }: Hold): string {
  if (early === "all") return "all that is to be signed";
  return (
    early?.map(({ workflow, task }) => (task === undefined ? workflow : needName({ workflow, task }))).join(", ") ??
    "never"
  );
}

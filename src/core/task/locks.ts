/**
 * What holds a task back. A lock is a condition, not a mutex: it is open or closed, and one that nobody can answer for
 * is closed. The facts are gathered by the engine; here they become what a person would be told.
 */
import type { Want } from "../conditions/want.ts";
import { formatDuration, type Instant, iso } from "../time.ts";
import { type LockDefinition, type Need, needName } from "../workflow/workflow.ts";
import type { Task, TaskState, Waiting } from "./task.ts";

export type LockFacts = {
  /** What an open group still waits for; null once it is complete. */
  readonly groupMissing: string | null;
  readonly owner: string;
  readonly needs: readonly NeedFact[];
  /** The end of the newest run of the group; undefined while a run's end is not known. */
  readonly newestEnd: Instant | undefined;
  /** The hold for release of the group; undefined where none is declared. */
  readonly release?: ReleaseFact | undefined;
  /** Results that it waits for to be signed, and are not. */
  readonly unsigned?: readonly { readonly why: string; readonly owner: string }[] | undefined;
  /** The data sets that it waits for. */
  readonly stages?: readonly StageFact[] | undefined;
  /** By position of the lock among those that ask. */
  readonly asks: readonly AskFact[];
  /** What it wants of global tags, whoever keeps them having been asked. */
  readonly wants: readonly Want[];
  /** Holds and conflicts of the runs of the group. */
  readonly runs: readonly {
    readonly number: number;
    readonly hold: string | null;
    readonly holder: string;
    readonly conflict: string | null;
    readonly since: Instant;
  }[];
};

/** How a needed task stands: for each group that covers a run of ours, its state; and the runs that none covers. */
export type NeedFact = {
  readonly need: Need;
  readonly owner: string;
  readonly covering: readonly {
    readonly id: number;
    readonly groupKey: string;
    readonly state: TaskState;
    readonly modifiedAt: Instant;
  }[];
  readonly uncovered: readonly number[];
};

/** `what` names it: a data set that is not complete says why in `fact`. */
export type StageFact = { readonly what: string; readonly owner: string; readonly fact: AskFact };

/** `closed` in words, null once it is released; `nextLook` where the time alone will change it. */
export type ReleaseFact = {
  readonly closed: string | null;
  readonly owner: string;
  readonly nextLook: Instant | undefined;
};

export type AskFact = { readonly state: "open" | "closed" | "unknown"; readonly detail: string };

export type LockVerdict = {
  readonly waiting: readonly Waiting[];
  /** When the first closed lock opens, or has something to tell, by itself. */
  readonly opensAt?: Instant;
};

export function evaluateLocks(
  task: Task,
  locks: readonly LockDefinition[],
  facts: LockFacts,
  now: Instant,
): LockVerdict {
  const delays = locks.filter((lock) => lock.kind === "delay").map((lock) => delayed(lock.ms, facts, now));
  const asks = locks.filter((lock) => lock.kind === "ask");
  const closed: Closed[] = [
    ...(task.hold
      ? [
          {
            lock: "hold" as const,
            detail: `held by ${task.hold.by}: ${task.hold.why}`,
            owner: task.hold.by,
            since: task.hold.since,
          },
        ]
      : []),
    ...facts.runs.flatMap((run) =>
      run.hold === null
        ? []
        : [
            {
              lock: "hold" as const,
              detail: `run ${run.number} is held by ${run.holder}: ${run.hold}`,
              owner: run.holder,
              since: run.since,
            },
          ],
    ),
    ...facts.runs.flatMap((run) =>
      run.conflict === null
        ? []
        : [
            {
              lock: "conflict" as const,
              detail: `run ${run.number} has contradictory records: ${run.conflict}`,
              owner: facts.owner,
              since: run.since,
            },
          ],
    ),
    ...(facts.groupMissing === null
      ? []
      : [
          {
            lock: "group" as const,
            detail: `the group is still open: it waits for ${facts.groupMissing}`,
            owner: "data taking",
          },
        ]),
    ...facts.needs.flatMap((fact) => needed(fact, task.workflow)),
    ...delays.flatMap((delay) => delay.closed),
    ...(facts.release?.closed
      ? [{ lock: "released" as const, detail: facts.release.closed, owner: facts.release.owner }]
      : []),
    ...(facts.unsigned ?? []).map(({ why, owner }) => ({ lock: "signoff" as const, detail: why, owner })),
    ...(facts.stages ?? []).flatMap(({ what, owner, fact }) =>
      fact.state === "open" ? [] : [{ lock: "stage" as const, detail: `${what}: ${fact.detail}`, owner }],
    ),
    ...facts.wants.flatMap((want) =>
      want.state === "open"
        ? []
        : [{ lock: "conditions" as const, detail: `constants of ${want.tag}: ${want.detail}`, owner: facts.owner }],
    ),
    ...asks.flatMap((lock, index) => asked(lock, facts.asks[index])),
  ];
  const openings = [...delays.map((delay) => delay.opensAt), facts.release?.nextLook].flatMap((at) => at ?? []);
  const waiting = closed.map((one) => withSince(one, task.waiting, now));
  return openings.length > 0 ? { waiting, opensAt: Math.min(...openings) } : { waiting };
}

type Closed = Omit<Waiting, "since"> & { readonly since?: Instant };

/**
 * A lock that was closed before keeps the moment since when. It is told by the words up to its first colon or comma, which
 * say what it is; those behind say how it stands, and whose turn it is, and may have changed meanwhile.
 */
export function withSince(closed: Closed, before: readonly Waiting[], now: Instant): Waiting {
  const subject = ({ lock, detail }: Closed) => `${lock} ${detail.split(/[:,]/)[0]}`;
  const earlier = before.find((one) => subject(one) === subject(closed));
  return { ...closed, since: closed.since ?? earlier?.since ?? now };
}

function needed(fact: NeedFact, workflow: string): Closed[] {
  const name = needName(fact.need, workflow);
  const unmet = fact.covering.filter((task) => task.state !== "done" && task.state !== "skipped");
  return [
    ...unmet.map((task) => ({
      lock: "need" as const,
      detail: `${name} of ${task.groupKey}, which is ${stateInWords(task.state)} (task ${task.id})`,
      owner: fact.owner,
      since: task.modifiedAt,
    })),
    ...(fact.uncovered.length === 0
      ? []
      : [
          {
            lock: "need" as const,
            detail: `${name}, which has no task for ${runsInWords(fact.uncovered)}`,
            owner: fact.owner,
          },
        ]),
  ];
}

function stateInWords(state: TaskState): string {
  if (state === "new" || state === "held") return "waiting itself";
  return state === "awaiting-signoff" ? "not signed yet" : state;
}

function delayed(ms: number, facts: LockFacts, now: Instant): { closed: Closed[]; opensAt?: Instant } {
  if (facts.newestEnd === undefined) {
    return {
      closed: [
        {
          lock: "delay",
          detail: `${formatDuration(ms)} after the end of the run, which is not known yet`,
          owner: "data taking",
        },
      ],
    };
  }
  const opensAt = facts.newestEnd + ms;
  if (now >= opensAt) return { closed: [] };
  return {
    closed: [
      {
        lock: "delay",
        detail: `${formatDuration(ms)} after the end of the run, until ${iso(opensAt)}`,
        owner: facts.owner,
      },
    ],
    opensAt,
  };
}

function asked(lock: Extract<LockDefinition, { kind: "ask" }>, fact: AskFact | undefined): Closed[] {
  if (fact?.state === "open") return [];
  const detail = fact === undefined ? "asked, no answer yet" : fact.detail;
  return [{ lock: "ask", detail: `${lock.what}: ${detail}`, owner: lock.owner }];
}

/** `run 8215`, `runs 8215, 8216 and 3 more` */
export function runsInWords(runs: readonly number[]): string {
  if (runs.length === 1) return `run ${runs[0]}`;
  const shown = runs.slice(0, 3).join(", ");
  return runs.length <= 3 ? `runs ${shown}` : `runs ${shown} and ${runs.length - 3} more`;
}

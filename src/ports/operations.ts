/**
 * What people can do. Each resolves once it is on disk, with what it did or with the reason why not; whatever a command says
 * is made from that.
 */
import type { Confirmation } from "../core/chat/confirmation.ts";
import type { HeldGroup } from "../core/release/held.ts";
import type { WishRefused } from "../core/release/life.ts";
import type { MayNot } from "../core/signoff/may-sign.ts";
import type { Signoff } from "../core/signoff/signoff.ts";
import type { Task } from "../core/task/task.ts";
import type { Instant } from "../core/time.ts";
import type { Person } from "./environments.ts";

export type Refusal<Reason extends string> = { readonly ok: false; readonly reason: Reason; readonly detail?: string };
export type Done<Facts = unknown> = { readonly ok: true } & Facts;

export interface Operations {
  holdTask(
    task: number,
    why: string,
    by: string,
  ): Promise<Done<{ task: Task }> | Refusal<"unknown-task" | "already-finished" | "already-held">>;
  releaseTask(task: number, by: string): Promise<Done<{ task: Task }> | Refusal<"unknown-task" | "not-held">>;
  holdRun(run: number, why: string, by: string): Promise<Done | Refusal<"unknown-run" | "already-held">>;
  /** Ends a hold, and a conflict of its records: the first of them, which the run still shows, is taken as right. */
  releaseRun(run: number, by: string): Promise<Done<{ conflict: string | null }> | Refusal<"unknown-run" | "not-held">>;
  /** Publishes what was refused, now that what was in the way is gone. */
  publishAgain(
    task: number,
    by: string,
  ): Promise<{ readonly ok: true; readonly tag: string } | Refusal<"unknown-task" | "not-refused">>;
  retry(
    task: number,
    by: string,
  ): Promise<
    | Done<{ task: Task; jobs: number }>
    | Refusal<"unknown-task" | "not-failed" | "no-failed-jobs" | "not-in-configuration">
  >;
  skip(
    task: number,
    why: string,
    by: string,
  ): Promise<Done<{ task: Task }> | Refusal<"unknown-task" | "already-finished">>;
  reprocess(
    tasks: readonly number[],
    why: string,
    by: string,
  ): Promise<Done<{ tasks: readonly Task[]; refused: readonly NotReprocessed[] }>>;
  /** What a reprocessing would touch: nothing is changed. */
  consequences(tasks: readonly number[]): Promise<Consequences>;
  /** Says yes to what a task came to. `shown`: what they looked at; what there is now where it is left out. */
  approve(
    of: SignoffOf & { readonly shown?: string | undefined; readonly why: string | null },
    by: Person,
  ): Promise<Done<{ signoff: Signoff }> | Refusal<"unknown-signoff"> | NotSigned<"not-asked" | "moved" | MayNot>>;
  reject(
    of: SignoffOf & { readonly shown?: string | undefined; readonly why: string },
    by: Person,
  ): Promise<Done<{ signoff: Signoff }> | Refusal<"unknown-signoff"> | NotSigned<"not-asked" | "moved" | "not-theirs">>;
  /** Takes a yes back: its task has failed then, and what was made from it is stale. */
  revoke(
    of: SignoffOf & { readonly why: string },
    by: Person,
  ): Promise<
    | Done<{ signoff: Signoff; stale: readonly Task[] }>
    | Refusal<"unknown-signoff">
    | NotSigned<"not-approved" | "not-theirs" | "made-anew">
  >;
  pause(
    environment: string,
    workflow: string,
    why: string,
    by: string,
  ): Promise<Done | Refusal<"unknown-workflow" | "already-paused">>;
  resume(environment: string, workflow: string, by: string): Promise<Done | Refusal<"unknown-workflow" | "not-paused">>;
  closeGroup(
    group: number,
    why: string,
    by: string,
  ): Promise<Done<{ key: string; runs: number }> | Refusal<"unknown-group" | "already-closed">>;
  inject(
    environment: string,
    campaign: string,
    runs: readonly number[],
    by: string,
  ): Promise<Done<{ injected: number; unknown: readonly number[]; already: number }> | Refusal<"unknown-campaign">>;
  /** The holds for release that keep something of a run. Nothing is changed. */
  releaseHolds(of: HoldsOf): Promise<readonly HeldGroup[]>;
  /** They last longer by `byMs`, or end at once where that is null; or it is known that one of several people wants it. */
  askRelease(
    of: HoldsOf,
    wish: { readonly byMs: number | null; readonly why: string },
    by: Person,
  ): Promise<Done<{ asked: readonly AskedRelease[] }> | Refusal<"unknown-run" | "no-hold">>;
  /** Writes down that a command was given, whatever came of it. */
  remember(command: CommandRecord): Promise<void>;
  condition(): Condition;
}

/** What people are to say yes to before it is done. */
export interface Confirmations {
  ask(of: Pick<Confirmation, "words" | "by" | "basis">): Promise<Confirmation>;
  /** @param request the same request may decide again, as it did before a crash */
  decide(
    id: string,
    outcome: NonNullable<Confirmation["outcome"]>,
    by: string,
    request: string,
  ): Promise<
    | Done<{ confirmation: Confirmation }>
    | Refusal<"unknown" | "somebody-else" | "confirmed-before" | "cancelled-before" | "too-late">
  >;
}

/** Those of one run, of one workflow or of all. */
export type HoldsOf = { readonly environment: string; readonly run: number; readonly workflow?: string | undefined };

/** What became of a wish for one hold: `asked` where somebody else must say the same. */
export type AskedRelease = HeldGroup & {
  readonly outcome: "asked" | "extended" | "forced" | WishRefused;
  readonly detail?: string | undefined;
};

/** One of them, or the newest of a task. */
export type SignoffOf = { readonly signoff: number } | { readonly task: number };

export type NotSigned<Reason extends string> = Refusal<Reason> & { readonly signoff: Signoff };

export type NotReprocessed = {
  readonly task: number;
  readonly reason: "unknown-task" | "not-finished" | "merged";
};

export type Consequences = {
  readonly tasks: readonly Task[];
  /** Finished tasks that were made from these and would be stale. */
  readonly downstream: readonly Task[];
  /** Others that were made with constants that these have published. */
  readonly users: readonly Task[];
  readonly runs: readonly number[];
  readonly jobs: number;
};

export type CommandRecord = {
  readonly line: string;
  readonly by: string;
  readonly via: string;
  /** Where it was given: `slack:C012AB3CD`. */
  readonly place: string;
  readonly outcome: "done" | "refused" | "not allowed" | "not understood";
};

/** How the bot itself is. */
export type Condition = {
  readonly since: Instant;
  readonly version: string;
  /** What production runs; null while nothing is deployed. */
  readonly commit: string | null;
  /** Where it listens. */
  readonly url: string | null;
  /** Why nothing can be written at the moment; null while all is well. */
  readonly stalled: string | null;
  /** Chats that messages go to, with why one does not take them; null while all is well. */
  readonly chats: readonly { readonly name: string; readonly trouble: string | null }[];
  readonly executors: readonly {
    readonly name: string;
    readonly live: number;
    readonly limit: number;
    readonly answers: boolean;
  }[];
};

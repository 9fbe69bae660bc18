/**
 * Jobs as processes of this machine. Each has a process group and a directory of its own and outlives the bot: a bot that
 * comes back finds it by its claim. It takes more orders than it has places and starts the next the moment a place is
 * free, as a batch system does.
 */
import type { ChildProcess } from "node:child_process";
import { hostname } from "node:os";
import type { Order } from "../../../core/job/order.ts";
import type { Instant } from "../../../core/time.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Executor, JobEnd, Receipt, Sighting, Survey, Surveyed } from "../../../ports/executor.ts";
import { type Isolation, openIsolation } from "../../isolation/isolation.ts";
import { type AttemptDirectory, attemptDirectory, type Stop } from "./attempt-directory.ts";
import type { LocalOptions } from "./config.ts";
import { isAlive, leaderOf, processesWith, signal } from "./processes.ts";
import { capacityOf, slotsOf } from "./slots.ts";
import { type Claim, signalOf } from "./verdict.ts";
import { type Ready, WaitingLine } from "./waiting-line.ts";

export type LocalParts = {
  readonly name: string;
  readonly options: LocalOptions;
  /** The data directory. */
  readonly root: string;
  readonly clock: Clock;
  /** The environment of the bot, of which jobs get a few harmless variables. */
  readonly env: NodeJS.ProcessEnv;
  /** Bytes of log after which a job of an earlier bot is ended; orders bring their own. */
  readonly logLimit: number;
};

type Running = {
  readonly key: string;
  readonly files: AttemptDirectory;
  readonly logLimit: number;
  readonly startedAt: Instant;
  /** By the clock that nobody can set: when its walltime is over. */
  readonly deadline: number;
  readonly process:
    | { readonly child: ChildProcess; readonly pid: number }
    | { readonly claim: Claim; readonly pid: number };
  /** By the same clock: when it will be forced, once it was asked to end. */
  forceAt?: Instant;
};

/** How often running jobs are looked at: those that nobody tells us of, and what they may not do. */
const WATCH_MS = 250;

export class LocalExecutor implements Executor {
  readonly name: string;
  readonly capacity: number;
  readonly sureAfter = 1;
  readonly #parts: LocalParts;
  readonly #slots: number;
  readonly #host = hostname();
  readonly #isolation: Isolation;
  readonly #waiting: WaitingLine;
  readonly #running = new Map<string, Running>();
  #listener: (sightings: readonly Sighting[]) => void = () => {};
  #watch: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: LocalParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#slots = slotsOf(parts.options);
    this.capacity = capacityOf(parts.options);
    this.#isolation = openIsolation(parts.root, parts.env);
    this.#waiting = new WaitingLine({ ...parts, isolation: this.#isolation, onReady: () => this.#startNext() });
  }

  onSighting(listener: (sightings: readonly Sighting[]) => void): void {
    this.#listener = listener;
  }

  async submit(orders: readonly Order[]): Promise<readonly Receipt[]> {
    const why = orders.some((order) => order.isolated) ? await this.cannotIsolate() : undefined;
    const refuses = (order: Order) => order.isolated && why !== undefined;
    const seen: Sighting[] = [];
    for (const order of orders.filter((one) => !refuses(one))) {
      const sighting = this.#look({ ...order, externalId: null });
      if (sighting.state === "absent") this.#waiting.add(order);
      else if (sighting.state !== "queued") seen.push(sighting);
    }
    if (seen.length > 0) this.#listener(seen);
    return orders.map((order) =>
      refuses(order)
        ? { kind: "refused", why: `it must be isolated, and cannot be: ${why}` }
        : { kind: "accepted", externalId: null },
    );
  }

  async survey(jobs: readonly Surveyed[]): Promise<Survey> {
    return { answered: true, sightings: jobs.map((job) => this.#look(job)) };
  }

  async cancel(jobs: readonly Surveyed[]): Promise<void> {
    for (const job of jobs) {
      if (this.#waiting.remove(job.key)) continue;
      if (this.#look(job).state === "running") this.#stop(this.#running.get(job.key), "cancelled");
    }
  }

  cannotIsolate(): Promise<string | undefined> {
    return this.#isolation.cannot();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    this.#waiting.close();
    this.#running.clear();
  }

  /** How a job stands. A job of an earlier bot that lives is taken into care. */
  #look(job: Surveyed): Sighting {
    const { key } = job;
    const known = this.#running.get(key);
    if (known) return { key, state: "running", at: known.startedAt, host: this.#host };
    if (this.#waiting.has(key)) return { key, state: "queued", externalId: null };
    const files = attemptDirectory(this.#parts.root, job.directory);
    const claim = files.claim();
    if (!claim) return { key, state: "absent" };
    if (!files.verdict() && isAlive(claim)) return this.#adopt(key, files, claim, job.walltimeMs);
    return this.#told(key, files, null);
  }

  #adopt(key: string, files: AttemptDirectory, claim: Claim, walltimeMs: number): Sighting {
    const { clock, logLimit } = this.#parts;
    const startedAt = files.claimedAt() ?? clock.now();
    const deadline = clock.elapsed() + walltimeMs - Math.max(0, clock.now() - startedAt);
    this.#running.set(key, { key, files, logLimit, startedAt, deadline, process: { claim, pid: claim.pid } });
    this.#keepWatching();
    return { key, state: "running", at: startedAt, host: this.#host };
  }

  #startNext(): void {
    const started: Sighting[] = [];
    while (!this.#closed && this.#running.size < this.#slots) {
      const next = this.#waiting.start();
      if (!next) break;
      started.push(this.#started(next));
    }
    if (started.length > 0) this.#listener(started);
    this.#keepWatching();
  }

  #started({ order: { key, logLimit, walltimeMs }, files, shell }: Ready): Sighting {
    const startedAt = this.#parts.clock.now();
    const deadline = this.#parts.clock.elapsed() + walltimeMs;
    const process = { child: shell, pid: shell.pid ?? 0 };
    this.#running.set(key, { key, files, logLimit, startedAt, deadline, process });
    shell.once("exit", (code, name) => this.#left(key, shell, code, name));
    return { key, state: "running", at: startedAt, host: this.#host };
  }

  /** A child of ours has gone. */
  #left(key: string, shell: ChildProcess, code: number | null, name: NodeJS.Signals | null): void {
    const job = this.#running.get(key);
    if (!job || !("child" in job.process) || job.process.child !== shell) return;
    this.#running.delete(key);
    const claim = job.files.claim();
    if (claim && claim.pid !== shell.pid && isAlive(claim)) {
      // A twin from an earlier bot had claimed the key first; ours saw that and left.
      this.#adopt(key, job.files, claim, job.deadline - this.#parts.clock.elapsed());
      this.#startNext();
    } else {
      signal(job.process.pid, "SIGKILL");
      this.#startNext();
      this.#listener([this.#told(key, job.files, name ?? (code === null || code === 0 ? null : { code }))]);
    }
  }

  /** What became of a job that no process is left of, by what it wrote, by what we did to it, by how its shell ended. */
  #told(key: string, files: AttemptDirectory, shell: NodeJS.Signals | { code: number } | null): Sighting {
    const verdict = files.verdict();
    const stop = files.stop();
    const ended = verdict?.exitCode === 0 ? null : (stop ?? null);
    const base = {
      startedAt: files.claimedAt(),
      endedAt: verdict?.at ?? this.#parts.clock.now(),
      host: this.#host,
      ended,
    };
    if (verdict) {
      const end: JobEnd = {
        ...base,
        cpuMs: verdict.cpuMs,
        exitCode: verdict.exitCode,
        signal: signalOf(verdict.exitCode),
      };
      return { key, state: "ended", end };
    }
    // Its shell is gone without a word; what it had started may not be.
    for (const pid of processesWith(key)) signal(pid, "SIGKILL");
    if (typeof shell === "string" || stop) {
      return {
        key,
        state: "ended",
        end: { ...base, cpuMs: null, exitCode: null, signal: typeof shell === "string" ? shell : null },
      };
    }
    if (shell)
      return {
        key,
        state: "ended",
        end: { ...base, cpuMs: null, exitCode: shell.code, signal: null, ended: "not-started" },
      };
    return { key, state: "vanished" };
  }

  #keepWatching(): void {
    if (this.#running.size === 0) {
      clearInterval(this.#watch);
      this.#watch = undefined;
    } else {
      this.#watch ??= setInterval(() => this.#lookAfter(), WATCH_MS).unref();
    }
  }

  #lookAfter(): void {
    const now = this.#parts.clock.elapsed();
    for (const job of this.#running.values()) {
      if ("claim" in job.process && !isAlive(job.process.claim)) {
        this.#running.delete(job.key);
        this.#listener([this.#told(job.key, job.files, null)]);
      } else if (job.forceAt !== undefined) {
        if (now >= job.forceAt) this.#force(job);
      } else if (now > job.deadline) {
        this.#stop(job, "walltime");
      } else if (job.files.logBytes() > job.logLimit) {
        this.#stop(job, "log-limit");
      }
    }
    this.#startNext();
  }

  /** Asks a job to end; if it does not within the grace time, it is forced. */
  #stop(job: Running | undefined, why: Stop): void {
    if (!job || job.forceAt !== undefined) return;
    job.files.writeStop(why);
    job.forceAt = this.#parts.clock.elapsed() + this.#parts.options.grace;
    signal(leaderOf(job.process.pid, job.key), "SIGTERM");
  }

  #force(job: Running): void {
    signal(job.process.pid, "SIGKILL");
    for (const pid of processesWith(job.key)) signal(pid, "SIGKILL");
  }
}

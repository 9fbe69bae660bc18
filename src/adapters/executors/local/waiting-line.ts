/**
 * Orders that wait for a place, in the order in which they came. Each gets its shell while it waits, so that the time that it
 * takes to make one passes while other jobs run.
 */
import type { ChildProcess } from "node:child_process";
import type { Order } from "../../../core/job/order.ts";
import type { Instant } from "../../../core/time.ts";
import type { Clock } from "../../../ports/clock.ts";
import { type AttemptDirectory, attemptDirectory } from "./attempt-directory.ts";
import { openShell, type ShellParts } from "./shell.ts";

export type Ready = { readonly order: Order; readonly files: AttemptDirectory; readonly shell: ChildProcess };

type Waiting = Omit<Ready, "shell"> & {
  /** Undefined while the machine had no process or no disk to give. */
  shell: ChildProcess | undefined;
  /** By the clock that nobody can set: when it is asked again. */
  notBefore: Instant;
};

export type WaitingLineParts = ShellParts & {
  readonly clock: Clock;
  /** One has become ready. */
  readonly onReady: () => void;
};

/** How long an order waits that could not be made ready for want of disk, memory or processes. */
const RETRY_MS = 1_000;

export class WaitingLine {
  readonly #parts: WaitingLineParts;
  #line: Waiting[] = [];
  #soon: NodeJS.Immediate | undefined;

  constructor(parts: WaitingLineParts) {
    this.#parts = parts;
  }

  add(order: Order): void {
    const files = attemptDirectory(this.#parts.root, order.directory);
    this.#line.push({ order, files, shell: undefined, notBefore: 0 });
    this.#makeReadySoon();
  }

  has(key: string): boolean {
    return this.#line.some(({ order }) => order.key === key);
  }

  /** The next that is ready leaves the line, and its job begins. */
  start(): Ready | undefined {
    const next = this.#line.find(({ shell }) => shell !== undefined);
    if (!next?.shell) return undefined;
    this.#line = this.#line.filter((other) => other !== next);
    next.shell.stdin?.end("go\n");
    return { order: next.order, files: next.files, shell: next.shell };
  }

  /** @returns whether it had been waiting */
  remove(key: string): boolean {
    const gone = this.#line.find(({ order }) => order.key === key);
    this.#line = this.#line.filter((other) => other !== gone);
    gone?.shell?.stdin?.end();
    return gone !== undefined;
  }

  close(): void {
    clearImmediate(this.#soon);
    for (const { order } of this.#line) this.remove(order.key);
  }

  /** One at a time, and those that end in between: a place that becomes free is worth more than a shell that waits. */
  #makeReadySoon(): void {
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      const now = this.#parts.clock.elapsed();
      const next = this.#line.find(({ shell, notBefore }) => shell === undefined && notBefore <= now);
      if (!next) return;
      this.#makeReady(next);
      this.#makeReadySoon();
    });
  }

  #makeReady(waiting: Waiting): void {
    try {
      waiting.shell = openShell(waiting.order, waiting.files, this.#parts);
    } catch {
      waiting.shell = undefined;
    }
    if (!waiting.shell) {
      this.#makeReadyLater(waiting);
      return;
    }
    waiting.shell.once("exit", () => {
      // Somebody ended it before its time.
      if (this.#line.includes(waiting)) this.#makeReadyLater(waiting);
    });
    this.#parts.onReady();
  }

  /** What cannot be had is asked for again later. Nothing has started: a bot that comes meanwhile finds it absent. */
  #makeReadyLater(waiting: Waiting): void {
    waiting.shell = undefined;
    waiting.notBefore = this.#parts.clock.elapsed() + RETRY_MS;
    setTimeout(() => this.#makeReadySoon(), RETRY_MS).unref();
  }
}

/** How a program comes to its end: by itself, asked to, or forced. */
import type { ChildProcess } from "node:child_process";

export class Ending {
  /** What is wrong with how it ended, or undefined; settled once everything that it printed has arrived. */
  readonly done: Promise<string | undefined>;
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  #why: string | undefined;
  #force: NodeJS.Timeout | undefined;
  #letGo: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess, graceMs: number) {
    this.#child = child;
    this.#graceMs = graceMs;
    this.done = new Promise<string | undefined>((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) =>
        resolve(`cannot be started: ${error.code ?? error.message}`),
      );
      child.once("exit", () => this.#leaveNothing());
      child.once("close", (code, signal) => resolve(this.#why ?? inWords(code, signal)));
    }).finally(() => {
      clearTimeout(this.#force);
      clearTimeout(this.#letGo);
    });
  }

  /** Asks it to end, and forces it if it does not. What it printed does not count any more. */
  ask(why: string): void {
    if (this.#why !== undefined) return;
    this.#why = why;
    this.#signal("SIGTERM");
    this.#force = setTimeout(() => {
      this.#why = `${why}, and had to be forced to end`;
      this.#signal("SIGKILL");
    }, this.#graceMs);
  }

  /** What it started goes with it. Whoever left its group may hold its output open for ever: that is waited for no longer. */
  #leaveNothing(): void {
    clearTimeout(this.#force);
    this.#signal("SIGKILL");
    this.#letGo = setTimeout(() => {
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
    }, this.#graceMs);
  }

  #signal(name: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, name);
    } catch {
      // Nothing of it is left, which is all that was wanted.
    }
  }
}

function inWords(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (code === 0) return undefined;
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}

/**
 * The local executor in a small process of its own, the starter. A process is made by copying the one that makes it, which
 * takes the bot milliseconds for each job, and the starter hardly one; and a place that becomes free does not wait until the
 * engine has decided something else. Jobs outlive a starter as they outlive a bot: one that dies is replaced, and the next
 * survey finds its jobs.
 */
import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { type BirpcReturn, createBirpc } from "birpc";
import type { Finding } from "../../../core/doctor/finding.ts";
import type { Order } from "../../../core/job/order.ts";
import type { Executor, Receipt, Sighting, Survey, Surveyed } from "../../../ports/executor.ts";
import { examine } from "./examine.ts";
import type { LocalExecutor, LocalParts } from "./local.ts";
import { capacityOf } from "./slots.ts";
import { PASSED_ON } from "./wrapper.ts";

/** What the executor there is made from; clock and environment are its own. */
export type StarterParts = Omit<LocalParts, "clock" | "env">;

/** What it may call of us. */
export type Hears = { hear(sightings: readonly Sighting[]): void };

type Starter = {
  readonly process: ChildProcess;
  readonly executor: BirpcReturn<
    Pick<LocalExecutor, "submit" | "survey" | "cancel" | "cannotIsolate" | "close">,
    Hears
  >;
};

const MAIN = new URL(`./starter-main${extname(import.meta.url)}`, import.meta.url);
/** How long a starter that died is not replaced: if it cannot live, none is started over and over. */
const REPLACE_MS = 1_000;

export class StarterExecutor implements Executor {
  readonly name: string;
  readonly capacity: number;
  readonly sureAfter = 1;
  readonly #parts: StarterParts & { readonly env: NodeJS.ProcessEnv };
  #starter: Starter | undefined;
  #closed = false;
  #listener: (sightings: readonly Sighting[]) => void = () => {};

  constructor(parts: StarterParts & { readonly env: NodeJS.ProcessEnv }) {
    this.name = parts.name;
    this.capacity = capacityOf(parts.options);
    this.#parts = parts;
    this.#starter = this.#start();
  }

  onSighting(listener: (sightings: readonly Sighting[]) => void): void {
    this.#listener = listener;
  }

  async submit(orders: readonly Order[]): Promise<readonly Receipt[]> {
    return await this.#there().submit(orders);
  }

  async survey(jobs: readonly Surveyed[]): Promise<Survey> {
    return await this.#there().survey(jobs);
  }

  async cancel(jobs: readonly Surveyed[]): Promise<void> {
    await this.#there().cancel(jobs);
  }

  async cannotIsolate(): Promise<string | undefined> {
    return await this.#there().cannotIsolate();
  }

  async examine(): Promise<readonly Finding[]> {
    const { name, options, root } = this.#parts;
    return await examine({ name, options, root, answers: async () => void (await this.#there().survey([])) });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#starter) return;
    const { process, executor } = this.#starter;
    const left = new Promise((resolve) => process.once("exit", resolve));
    process.ref();
    process.channel?.ref();
    // One that dies at this moment has nothing left to let go of.
    await executor.close().catch(() => {});
    if (process.connected) process.disconnect();
    await left;
  }

  #there(): Starter["executor"] {
    if (this.#starter) return this.#starter.executor;
    throw new Error("the process that starts jobs has died, and another is not there yet");
  }

  #start(): Starter {
    const { env, ...parts } = this.#parts;
    // The secrets of the bot end here. A group of its own: what is typed into the bot's terminal does not end it.
    const process = fork(fileURLToPath(MAIN), [JSON.stringify(parts)], {
      env: Object.fromEntries(
        [...PASSED_ON, "NODE_OPTIONS", "NODE_COMPILE_CACHE"].flatMap((name) =>
          env[name] === undefined ? [] : [[name, env[name]]],
        ),
      ),
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      detached: true,
    });
    process.unref();
    process.channel?.unref();
    const executor: Starter["executor"] = createBirpc(
      { hear: (sightings) => this.#listener(sightings) },
      {
        post: (message) => process.connected && process.send(message),
        on: (listener) => process.on("message", listener),
        timeout: -1,
      },
    );
    const gone = () => {
      this.#starter = undefined;
      executor.$close(new Error("the process that starts jobs has died"));
      if (!this.#closed) setTimeout(() => this.#replace(), REPLACE_MS).unref();
    };
    process.once("exit", gone);
    // What is sent to one that has just died is an error of its own, and the end is told after it; a process that could
    // not be made at all has no end to be told.
    process.on("error", () => process.pid === undefined && gone());
    return { process, executor };
  }

  #replace(): void {
    if (!this.#closed) this.#starter = this.#start();
  }
}

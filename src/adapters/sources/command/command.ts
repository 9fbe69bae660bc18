/** A program of the experiment that prints runs. */
import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { RunSource, SourceReading } from "../../../ports/run-source.ts";
import { inBatches } from "../batches.ts";
import { cursorsOf } from "../cursor.ts";
import { redact } from "../redact.ts";
import type { SourceContext } from "../source-context.ts";
import type { CommandOptions } from "./config.ts";
import { parsePrinted } from "./parse.ts";
import { runProgram } from "./run-program.ts";

const GRACE_MS = 5_000;
const LIMIT_BYTES = 64e6;
const SHOWN_CHARACTERS = 700;
/** Variables of the bot's own environment that the program gets; everything else, secrets among it, stays behind. */
const PASSED_ON = ["HOME", "LANG", "TZ"] as const;

const state = z.object({ cursor: z.string() });

export function openCommandSource(options: CommandOptions, context: SourceContext): RunSource {
  return new CommandSource(options, context);
}

class CommandSource implements RunSource {
  readonly read: RunSource["read"] = inBatches((cursor) => this.#run(cursor));
  readonly #options: CommandOptions;
  readonly #context: SourceContext;
  readonly #cursors;
  readonly #name: string;
  readonly #closing = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: CommandOptions, context: SourceContext) {
    this.#options = options;
    this.#context = context;
    this.#name = options.run[0] ?? "";
    this.#cursors = cursorsOf(state, options.run);
  }

  onChange(): void {
    // A program does not tell; it is run.
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // How it ended was told to whoever reads.
    await this.#running.catch(() => {});
  }

  async #run(cursor: string | null): Promise<SourceReading> {
    const known = this.#cursors.read(cursor)?.cursor;
    const secrets = this.#secrets();
    const hide = (said: string) => redact(said, Object.values(secrets));
    const env = { ...this.#environment(), ...secrets, CALOPS_CURSOR: known ?? "" };
    const text = await this.#start(env).catch((error: Error) => {
      throw new Error(hide(error.message).slice(0, SHOWN_CHARACTERS), { cause: error.cause });
    });
    const printed = parsePrinted(hide(text), this.#name);
    if (printed.cursor !== undefined && !fitsVariable(printed.cursor)) {
      throw new Error(
        `${this.#name} printed a cursor that no environment variable can hold: at most 30,000 characters`,
      );
    }
    const next = printed.cursor ?? known;
    return {
      records: printed.records,
      cursor: next === undefined ? null : this.#cursors.write({ cursor: next }),
      more: false,
    };
  }

  #start(env: Record<string, string>): Promise<string> {
    const { base } = this.#context;
    const running = runProgram({
      name: this.#name,
      words: this.#options.run.map((word) => (word.startsWith("./") ? resolve(base, word) : word)),
      directory: base,
      env,
      timeoutMs: this.#options.timeout,
      graceMs: GRACE_MS,
      limitBytes: LIMIT_BYTES,
      closing: this.#closing.signal,
    });
    this.#running = running;
    return running;
  }

  #secrets(): Record<string, string> {
    const { secrets } = this.#options;
    return Object.fromEntries(
      Object.entries(secrets).map(([name, { secret }]) => [name, this.#context.secret(secret)]),
    );
  }

  #environment(): Record<string, string> {
    const { env } = this.#context;
    const passed = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
    // Scripts that start with `#!/usr/bin/env node` get the node that runs the bot, as jobs do.
    const path = [dirname(process.execPath), env.PATH ?? "/usr/local/bin:/usr/bin:/bin"].join(":");
    return { ...Object.fromEntries(passed), PATH: path };
  }
}

/** Linux hands no program a longer one than 128 kB, and a cursor that cannot be handed back would stop the source for ever. */
function fitsVariable(cursor: string): boolean {
  return cursor.length <= 30_000 && !cursor.includes("\0");
}

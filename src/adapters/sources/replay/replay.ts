/** Runs that were taken before, given out again: for rehearsals, for tests, and for measuring. */
import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { z } from "zod";
import type { RunSource, SourceReading } from "../../../ports/run-source.ts";
import { type Cursors, cursorsOf } from "../cursor.ts";
import type { SourceContext } from "../source-context.ts";
import type { ReplayOptions } from "./config.ts";
import { parseReplay } from "./parse.ts";
import { scheduleOf } from "./schedule.ts";

const RECORDS_AT_ONCE = 200;

const state = z.object({ next: z.int().min(0), startedAt: z.number() });

type Film = { readonly records: readonly unknown[]; readonly due: readonly number[] };

export function openReplaySource(options: ReplayOptions, context: SourceContext): RunSource {
  return new ReplaySource(options, context);
}

class ReplaySource implements RunSource {
  readonly #options: ReplayOptions;
  readonly #context: SourceContext;
  readonly #file: string;
  readonly #cursors: Cursors<z.output<typeof state>>;
  /** The file as it was read last, kept while it does not change: it is asked for a piece at a time. */
  #film: (Film & { readonly signature: string }) | undefined;

  constructor(options: ReplayOptions, context: SourceContext) {
    this.#options = options;
    this.#context = context;
    this.#file = resolve(context.base, options.file);
    const { file, pace, speed, time } = options;
    this.#cursors = cursorsOf(state, [file, pace, speed, time]);
  }

  async read(cursor: string | null): Promise<SourceReading> {
    const { records, due } = await this.#load();
    const now = this.#context.clock.now();
    const { next, startedAt } = this.#cursors.read(cursor) ?? { next: 0, startedAt: now };
    const elapsed = now - startedAt;
    const isDue = (index: number) => (due[index] ?? Number.POSITIVE_INFINITY) <= elapsed;
    let end = next;
    while (end < next + RECORDS_AT_ONCE && isDue(end)) end++;
    const reading = { records: records.slice(next, end), cursor: this.#cursors.write({ next: end, startedAt }) };
    if (isDue(end)) return { ...reading, more: true };
    const wait = due[end];
    if (wait === undefined) return { ...reading, more: false, over: true };
    return { ...reading, more: false, againInMs: Math.max(1, Math.ceil(wait - elapsed)) };
  }

  onChange(): void {
    // Nothing happens that the schedule does not tell.
  }

  async close(): Promise<void> {
    this.#film = undefined;
  }

  async #load(): Promise<Film> {
    const file = this.#file;
    try {
      const { size, mtimeMs } = await stat(file);
      const signature = `${size} ${mtimeMs}`;
      if (this.#film?.signature !== signature) this.#film = { signature, ...this.#parse(await readFile(file, "utf8")) };
      return this.#film;
    } catch (cause) {
      throw new Error(`${file} cannot be replayed: ${(cause as Error).message}`, { cause });
    }
  }

  #parse(text: string): Film {
    const records = parseReplay(text, basename(this.#file));
    const due = scheduleOf(records, this.#options);
    if (!due) throw new Error(`no record has a time at "${this.#options.time ?? "start"}": look at time`);
    return { records, due };
  }
}

/** A list file that grows, or a folder that files are put into. */
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { z } from "zod";
import type { RunSource, SourceReading } from "../../../ports/run-source.ts";
import { inBatches } from "../batches.ts";
import { type Cursors, cursorsOf } from "../cursor.ts";
import type { SourceContext } from "../source-context.ts";
import type { WatchOptions } from "./config.ts";
import { type FoundFile, filesIn, findFile, readFiles } from "./files.ts";
import type { LineFormat } from "./line-reader.ts";
import { readList } from "./list-file.ts";
import { formatOf } from "./names.ts";
import { Notice } from "./notice.ts";
import { Settling } from "./settling.ts";

const place = z.object({
  offset: z.number(),
  lines: z.number(),
  columns: z.array(z.string()).readonly().optional(),
  taken: z.string().optional(),
  overlong: z.boolean().optional(),
});

const state = z.object({
  list: z.object({ place, print: z.string(), size: z.number(), mtimeMs: z.number() }).optional(),
  files: z.record(z.string(), z.string()).optional(),
});

type State = z.output<typeof state>;

export function openWatchSource(options: WatchOptions, context: SourceContext): RunSource {
  return new WatchSource(options, context);
}

class WatchSource implements RunSource {
  readonly read: RunSource["read"] = inBatches((cursor) => this.#read(cursor));
  readonly #options: WatchOptions;
  readonly #context: SourceContext;
  readonly #path: string;
  readonly #cursors: Cursors<State>;
  readonly #settling: Settling;
  #notice: Notice | undefined;

  constructor(options: WatchOptions, context: SourceContext) {
    this.#options = options;
    this.#context = context;
    this.#path = resolve(context.base, options.path);
    this.#cursors = cursorsOf(state, [options.path, options.format]);
    this.#settling = new Settling(options.settle);
  }

  onChange(listener: () => void): void {
    this.#notice?.close();
    this.#notice = new Notice(this.#path, listener);
  }

  async close(): Promise<void> {
    this.#notice?.close();
  }

  async #read(cursor: string | null): Promise<SourceReading> {
    this.#notice?.keep();
    const known = this.#cursors.read(cursor) ?? {};
    const { format } = this.#options;
    const info = await stat(this.#path).catch((cause) => {
      throw new Error(`${this.#path} cannot be read: ${cause.code}: look at path`, { cause });
    });
    if (info.isDirectory()) return this.#readFiles(await filesIn(this.#path, format), known);
    const named = format ?? formatOf(this.#path);
    if (!named)
      throw new Error(`${this.#path} does not say by its ending what is in it: write format: json, jsonl, csv or text`);
    const file = await findFile(this.#path, basename(this.#path), named);
    if (!file) throw new Error(`${this.#path} is neither a file nor a folder`);
    return named === "json" ? this.#readFiles([file], known) : this.#readList(file, named, known);
  }

  async #readFiles(found: readonly FoundFile[], known: State): Promise<SourceReading> {
    const { records, read, more, waitMs } = await readFiles(
      found,
      known.files ?? {},
      this.#settling,
      this.#context.clock.elapsed(),
    );
    const wait = more || waitMs === undefined ? {} : { againInMs: waitMs };
    return { records, cursor: this.#cursors.write({ files: read }), more, ...wait };
  }

  async #readList({ name, path, signature }: FoundFile, format: LineFormat, known: State): Promise<SourceReading> {
    const remaining = this.#settling.remaining(name, signature, this.#context.clock.elapsed());
    const { records, mark, more, waits } = await readList(path, {
      format,
      file: name,
      mark: known.list,
      rested: remaining === 0,
    });
    const wait = waits ? { againInMs: remaining } : {};
    return { records, cursor: this.#cursors.write({ list: mark }), more, ...wait };
  }
}

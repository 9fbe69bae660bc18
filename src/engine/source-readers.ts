/** Reads the run sources, each on its own rhythm. What is read is committed with the cursor; what fails is told once and tried again. */
import type { Config } from "../core/config/config.ts";
import { say } from "../core/say.ts";
import { formatDuration } from "../core/time.ts";
import type { Log } from "../ports/log.ts";
import type { Queries } from "../ports/queries.ts";
import type { RunSource } from "../ports/run-source.ts";
import { CALOPS } from "./doer.ts";
import type { Engine } from "./engine.ts";
import type { Ledger } from "./ledger.ts";
import { takeBatch } from "./stages/intake.ts";

export type ReaderParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly log: Log;
  /** The configuration that new records are read by. */
  readonly config: () => Config;
};

type Reader = {
  readonly name: string;
  readonly source: RunSource;
  everyMs: number;
  timer: NodeJS.Timeout | undefined;
  reading: Promise<void> | undefined;
  failures: number;
  quiet: boolean;
  changed: boolean;
};

const LONGEST_WAIT_MS = 600_000;

export class SourceReaders {
  readonly #parts: ReaderParts;
  readonly #readers = new Map<string, Reader>();
  #stopped = false;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** Every source has been read to its present end. */
  get quiet(): boolean {
    return [...this.#readers.values()].every(
      (reader) => reader.quiet && reader.reading === undefined && !reader.changed,
    );
  }

  add(name: string, source: RunSource, everyMs: number): void {
    const reader: Reader = {
      name,
      source,
      everyMs,
      timer: undefined,
      reading: undefined,
      failures: 0,
      quiet: false,
      changed: false,
    };
    this.#readers.set(name, reader);
    source.onChange(() => {
      reader.changed = true;
      this.#soon(reader, 0);
    });
    this.#soon(reader, 0);
  }

  async remove(name: string): Promise<void> {
    const reader = this.#readers.get(name);
    if (!reader) return;
    this.#readers.delete(name);
    clearTimeout(reader.timer);
    await reader.reading;
    await reader.source.close();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const name of [...this.#readers.keys()]) await this.remove(name);
  }

  #soon(reader: Reader, waitMs: number): void {
    if (this.#stopped || !this.#readers.has(reader.name)) return;
    clearTimeout(reader.timer);
    if (reader.reading) return;
    reader.timer = setTimeout(() => {
      reader.reading = this.#read(reader)
        .then((wait) => {
          reader.reading = undefined;
          this.#soon(reader, reader.changed ? 0 : wait);
        })
        .catch((error) =>
          this.#parts.log.error({ source: reader.name, error: (error as Error).stack }, "a run source stopped"),
        );
    }, waitMs);
  }

  /** @returns milliseconds until the next reading */
  async #read(reader: Reader): Promise<number> {
    const { engine, config } = this.#parts;
    reader.changed = false;
    try {
      const state = await this.#parts.queries.source(reader.name);
      const cursor = state?.cursor ?? null;
      const reading = await reader.source.read(cursor);
      const batch = { source: reader.name, records: reading.records, cursor: reading.cursor };
      if (reading.records.length > 0 || reading.cursor !== cursor) {
        await engine.do("records", (ledger) => takeBatch(ledger, engine.scene, batch, config()));
      }
      if (state?.failure)
        await engine.do("source back", async (ledger) => this.#tell(ledger, reader.name, "answers again", null));
      reader.failures = 0;
      reader.quiet = !reading.more && (reading.againInMs === undefined || reading.over === true);
      if (reading.over) return LONGEST_WAIT_MS;
      return reading.more ? 0 : (reading.againInMs ?? reader.everyMs);
    } catch (error) {
      if (this.#stopped) return 0;
      reader.failures++;
      reader.quiet = true;
      const why = (error as Error).message;
      this.#parts.log.warn({ source: reader.name, error: why }, "a run source did not answer");
      if (reader.failures === 1)
        await engine
          .do("source away", async (ledger) => this.#tell(ledger, reader.name, "does not answer", why))
          .catch(() => {});
      return Math.min(LONGEST_WAIT_MS, Math.max(1_000, reader.everyMs) * 2 ** Math.min(reader.failures - 1, 6));
    }
  }

  async #tell(ledger: Ledger, source: string, event: string, why: string | null): Promise<void> {
    const before = await ledger.ask((loads) => loads.source(source));
    if (why === null && !before?.failure) return;
    if (why !== null && before?.failure) return;
    ledger.put("sources", {
      name: source,
      cursor: before?.cursor ?? null,
      readAt: before?.readAt ?? null,
      records: before?.records ?? 0,
      failures: why === null ? 0 : 1,
      failure: why,
    });
    ledger.record({ kind: "source", ref: source, event }, why === null ? CALOPS : { ...CALOPS, why });
    const { channel } = this.#parts.config();
    ledger.post(
      `source ${source} ${event} ${ledger.now}`,
      channel,
      why === null
        ? [say`Run source ${source} answers again. Runs that were taken meanwhile are being read.`]
        : [
            say`Run source ${source} does not answer: ${why}. Nothing is lost: it is asked again, at most every ${formatDuration(LONGEST_WAIT_MS)}, and read on from where it was.`,
          ],
    );
  }
}

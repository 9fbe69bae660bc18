/** The HTTP JSON API of a run registry, read page by page: one request a reading, and the cursor moves with each page. */
import { z } from "zod";
import type { RunSource, SourceReading } from "../../../ports/run-source.ts";
import { inBatches } from "../batches.ts";
import { type Cursors, cursorsOf, digest } from "../cursor.ts";
import { redact } from "../redact.ts";
import type { SourceContext } from "../source-context.ts";
import { addressOf, firstPlace, shown } from "./address.ts";
import { ask } from "./ask.ts";
import type { HttpOptions } from "./config.ts";
import { type Answer, beginning, parseAnswer } from "./parse.ts";
import { advance, isAbsent, mark } from "./since.ts";
import { follow, trail } from "./trail.ts";
import { turnAfter } from "./turn.ts";

const LIMIT_BYTES = 64e6;

/** A list that is being read, page by page. */
const reading = z.object({
  place: z.union([z.number(), z.string()]),
  began: z.number(),
  mark: mark.optional(),
  trail: trail.optional(),
  /** The page before had fewer records than were asked for. */
  short: z.boolean().optional(),
});

const state = z.object({ since: mark.optional(), reading: reading.optional() });

type State = z.output<typeof state>;

export function openHttpSource(options: HttpOptions, context: SourceContext): RunSource {
  return new HttpSource(options, context);
}

class HttpSource implements RunSource {
  readonly read: RunSource["read"] = inBatches((cursor) => this.#readPage(cursor));
  readonly #options: HttpOptions;
  readonly #context: SourceContext;
  readonly #cursors: Cursors<State>;
  readonly #closing = new AbortController();

  constructor(options: HttpOptions, context: SourceContext) {
    this.#options = options;
    this.#context = context;
    const { url, items, page, since } = options;
    this.#cursors = cursorsOf(state, { url, items, page, since: [since?.parameter, since?.field] });
  }

  onChange(): void {
    // A registry does not tell; it is asked.
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }

  async #readPage(cursor: string | null): Promise<SourceReading> {
    const { page: paging, since } = this.#options;
    const known = this.#cursors.read(cursor) ?? {};
    const now = known.reading ?? { place: firstPlace(paging), began: this.#context.clock.now(), mark: known.since };
    const address = addressOf(this.#options, known.since, now.place);
    const answer = await this.#ask(address, now.short === true);
    const { items } = answer;

    if (since && cursor === null && isAbsent(items, since.field))
      throw new Error(`${shown(address)}: no record has "${since.field}": look at since.field`);
    const reached = since && advance(now.mark, items, { field: since.field, before: now.began - since.overlap });
    const turn = turnAfter(paging, { place: now.place, address, answer });
    if (turn.kind === "refused") throw new Error(`${shown(address)}: ${turn.why}`);
    if (turn.kind === "end") {
      return {
        records: items,
        cursor: reached === undefined ? null : this.#cursors.write({ since: reached }),
        more: false,
      };
    }
    const followed = follow(now.trail, digest(paging?.kind === "next" ? address.href : JSON.stringify(items)));
    if (!followed)
      throw new Error(
        `${shown(address)} gives the same pages again and again, last at ${now.place}: look at page, whose parameters it may not know`,
      );
    const short = paging?.kind !== "next" && paging?.size && items.length < paging.size.value;
    const next = { place: turn.to, began: now.began, mark: reached, trail: followed, short };
    return { records: items, cursor: this.#cursors.write({ since: known.since, reading: next }), more: true };
  }

  /** @param short some servers know no page after the last; after a short page that is an answer, after any other a mistake */
  async #ask(address: URL, short: boolean): Promise<Answer> {
    const secrets = this.#secrets();
    const { timeout: timeoutMs, items } = this.#options;
    const reply = await ask(address, {
      headers: this.#headers(),
      timeoutMs,
      limitBytes: LIMIT_BYTES,
      closing: this.#closing.signal,
    });
    if (reply.status === 404 && short) return { body: null, items: [] };
    const answer = reply.ok
      ? parseAnswer(reply.text, items)
      : { wrong: `answered ${reply.status} ${reply.statusText}` };
    if (!("wrong" in answer)) return answer;
    const excerpt = beginning(redact(reply.text, secrets));
    throw new Error(`${shown(address)} ${redact(answer.wrong, secrets)}. The answer begins with ${excerpt}`);
  }

  #secrets(): readonly string[] {
    return Object.values(this.#options.headers).flatMap((value) =>
      typeof value === "string" ? [] : [this.#context.secret(value.secret)],
    );
  }

  #headers(): Headers {
    const headers = new Headers({ accept: "application/json" });
    for (const [name, value] of Object.entries(this.#options.headers)) {
      try {
        headers.set(name, typeof value === "string" ? value : this.#context.secret(value.secret));
      } catch {
        // What was thrown repeats the value, which is why it is not a cause.
        throw new Error(`header ${name} holds something that HTTP does not allow: look for a line end in its value`);
      }
    }
    return headers;
  }
}

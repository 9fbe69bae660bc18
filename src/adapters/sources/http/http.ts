/** The HTTP JSON API of a run registry, read page by page: one request a reading, and the cursor moves with each page. */
import { z } from "zod";
import type { RunSource, SourceReading } from "../../../ports/run-source.ts";
import { inBatches } from "../batches.ts";
import { type Cursors, cursorsOf, digest } from "../cursor.ts";
import { redact } from "../redact.ts";
import type { SourceContext } from "../source-context.ts";
import { addressOf, firstPlace, shown } from "./address.ts";
import { ask, type Reply } from "./ask.ts";
import type { HttpOptions } from "./config.ts";
import { type Answer, beginning, parseAnswer } from "./parse.ts";
import { advance, isAbsent, mark } from "./since.ts";
import { follow, trail } from "./trail.ts";
import { turnAfter } from "./turn.ts";

const LIMIT_BYTES = 64e6;
/** A page that is refused for so long will not come any more, its address has lapsed: the list is begun anew. */
const GIVEN_UP_MS = 3_600_000;
const NOTHING: Answer = { body: null, items: [] };

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
    const reply = await this.#ask(address);
    if (known.reading && isRefusal(reply) && this.#context.clock.now() - now.began > GIVEN_UP_MS) {
      return { records: [], cursor: this.#cursorAt(known.since), more: true };
    }
    const answer = isPastTheEnd(reply, now) ? NOTHING : this.#parse(reply, address);
    const { items } = answer;

    if (since && cursor === null && isAbsent(items, since.field)) {
      throw new Error(`${shown(address)}: no record has "${since.field}": look at since.field`);
    }
    const reached = since && advance(now.mark, items, { field: since.field, before: now.began - since.overlap });
    const turn = turnAfter(paging, { place: now.place, address, answer });
    if (turn.kind === "refused") throw new Error(`${shown(address)}: ${turn.why}`);
    if (turn.kind === "end") return { records: items, cursor: this.#cursorAt(reached), more: false };

    const followed = follow(now.trail, digest(paging?.kind === "next" ? address.href : JSON.stringify(items)));
    if (!followed) {
      const why = "gives the same pages again and again: look at page, whose parameters it may not know";
      throw new Error(`${shown(address)} ${why}`);
    }
    const short = paging?.kind !== "next" && paging?.size && items.length < paging.size.value;
    const next = { place: turn.to, began: now.began, mark: reached, trail: followed, short };
    return { records: items, cursor: this.#cursors.write({ since: known.since, reading: next }), more: true };
  }

  #cursorAt(since: State["since"]): string | null {
    return since === undefined ? null : this.#cursors.write({ since });
  }

  #ask(address: URL): Promise<Reply> {
    const { timeout: timeoutMs } = this.#options;
    return ask(address, {
      headers: this.#headers(),
      timeoutMs,
      limitBytes: LIMIT_BYTES,
      closing: this.#closing.signal,
    });
  }

  /** What a registry repeats of the request is not repeated here: it may be a secret. */
  #parse(reply: Reply, address: URL): Answer {
    const { ok, status, statusText, text } = reply;
    const answer = ok ? parseAnswer(text, this.#options.items) : { wrong: `answered ${status} ${statusText}` };
    if (!("wrong" in answer)) return answer;
    const [wrong, excerpt] = [answer.wrong, text].map((said) => redact(said, this.#secrets()));
    throw new Error(`${shown(address)} ${wrong}. The answer begins with ${beginning(excerpt ?? "")}`);
  }

  #secrets(): readonly string[] {
    return Object.values(this.#options.headers).flatMap((value) =>
      typeof value === "string" ? [] : [this.#context.secret(value.secret)],
    );
  }

  #headers(): Headers {
    const headers = new Headers({ accept: "application/json" });
    for (const [name, value] of Object.entries(this.#options.headers)) {
      const text = typeof value === "string" ? value : this.#context.secret(value.secret);
      try {
        headers.set(name, text);
      } catch {
        // What was thrown repeats the value, which is why it is not a cause.
        throw new Error(`header ${name} holds something that HTTP does not allow: look for a line end in its value`);
      }
    }
    return headers;
  }
}

function isRefusal({ status }: Reply): boolean {
  return status >= 400 && status < 500;
}

/** Some servers know no page after the last. After a short page that is an answer, after any other it is a mistake. */
function isPastTheEnd({ status }: Reply, { short }: { readonly short?: boolean | undefined }): boolean {
  return status === 404 && short === true;
}

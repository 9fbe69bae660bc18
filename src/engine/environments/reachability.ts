/** Whether the remote answers. One that does not is told once, and told again when it is back, also after a restart in between. */
import { PRODUCTION } from "../../core/environment/environment.ts";
import type { Instant } from "../../core/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Queries } from "../../ports/queries.ts";
import { CALOPS } from "../doer.ts";
import type { Engine } from "../engine.ts";
import { awayWords, backWords } from "./words.ts";

export type ReachabilityParts = { readonly engine: Engine; readonly queries: Queries; readonly clock: Clock };

/** Looks in a row without an answer before anybody is told: one is an accident. */
const TOLD_AFTER = 3;
const FACT = "remote away";

type Away = { readonly since: Instant; readonly why: string };

export class Reachability {
  readonly #parts: ReachabilityParts;
  #failures = 0;
  /** At a start nobody knows what the bot before had told. */
  #mayHaveTold = true;
  #since: Instant | undefined;
  #why = "";

  constructor(parts: ReachabilityParts) {
    this.#parts = parts;
  }

  get answers(): boolean {
    return this.#failures === 0;
  }

  get why(): string {
    return this.#why;
  }

  async away(why: string): Promise<void> {
    const { engine, clock } = this.#parts;
    this.#why = why;
    this.#since ??= clock.now();
    if (++this.#failures !== TOLD_AFTER) return;
    this.#mayHaveTold = true;
    const away: Away = { since: this.#since, why };
    await engine.do("remote away", async (ledger) => {
      if (await ledger.ask((loads) => loads.fact(FACT))) return;
      ledger.put("facts", { name: FACT, value: JSON.stringify(away) });
      ledger.record({ kind: "source", ref: "config repository", event: "does not answer" }, { ...CALOPS, why });
      ledger.post(`remote away ${away.since}`, this.#channel(), awayWords(why, away.since));
    });
  }

  async answered(): Promise<void> {
    const { engine, queries, clock } = this.#parts;
    this.#failures = 0;
    this.#since = undefined;
    if (!this.#mayHaveTold) return;
    const told = await queries.fact(FACT);
    this.#mayHaveTold = false;
    if (!told) return;
    const { since } = JSON.parse(told) as Away;
    await engine.do("remote back", async (ledger) => {
      ledger.put("facts", { name: FACT, value: "" });
      ledger.record({ kind: "source", ref: "config repository", event: "answers again" }, CALOPS);
      ledger.post(`remote back ${since}`, this.#channel(), backWords(clock.now() - since));
    });
  }

  #channel(): string {
    return this.#parts.engine.scene.revisions.current(PRODUCTION).config.channel;
  }
}

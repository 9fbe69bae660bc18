/** Runs and moments on a line, as the conditions know them. */

import type { Span } from "../src/core/conditions/iov.ts";
import { type Moment, readMoment } from "../src/core/conditions/moment.ts";
import { momentOfRun, spanOfRuns } from "../src/core/conditions/moment-of.ts";
import { parseRuns } from "../src/core/config/values.ts";
import { type Block, say } from "../src/core/say.ts";
import type { Context } from "./context.ts";

type Wrong = { readonly wrong: Block };

/** A run, `8215`, of which it is known which moment it is; or the moment itself, `26.3`. */
export async function momentOn(word: string, context: Context): Promise<Moment | Wrong> {
  if (/[.,]/.test(word)) return readMoment(word) ?? notOne(word);
  if (!/^\d{1,15}$/.test(word)) return notOne(word);
  if (!context.config) return noConfiguration();
  const number = Number(word);
  const [run] = await context.queries.runs([number]);
  const placed = momentOfRun(run ?? { number, attributes: {} }, context.config.conditions);
  return placed.known ? placed.moment : unknownMoment(word, placed.why);
}

/** `8000-8215`, or one run. Both belong to it whole. */
export async function spanOn(word: string, context: Context): Promise<Span | Wrong> {
  const interval = parseRuns(word);
  if (!interval) return { wrong: say`"${word}" is no run or range of runs. Write for example 8215 or 8000-8215.` };
  const { config } = context;
  if (!config) return noConfiguration();
  const numbers = [interval.from, interval.to];
  const runs = await context.queries.runs(numbers);
  const placed = spanOfRuns(
    numbers.map((number) => runs.find((run) => run.number === number) ?? { number, attributes: {} }),
    config.conditions,
  );
  return placed.known ? placed.span : unknownMoment(word, placed.why);
}

/** One of the two says for which runs something is. */
export type Range = { readonly from?: string | undefined; readonly runs?: string | undefined };

export async function rangeOn({ from, runs }: Range, context: Context): Promise<Span | Wrong> {
  if (from !== undefined && runs === undefined) {
    const first = await momentOn(from, context);
    return "wrong" in first ? first : { from: first, until: null };
  }
  if (runs !== undefined && from === undefined) return await spanOn(runs, context);
  return { wrong: say`For which runs? Add --from RUN for everything from then on, or --runs 8000-8215.` };
}

function notOne(word: string): Wrong {
  return { wrong: say`"${word}" is no run. Write its number, 8215, or a moment of the conditions, 26.3.` };
}

function unknownMoment(runs: string, why: string): Wrong {
  return {
    wrong: say`Which moment of the conditions ${runs} is, is not known: ${why}. A moment can be written itself, as 26.3.`,
  };
}

function noConfiguration(): Wrong {
  return { wrong: say`What runs here cannot be read, so it is not known which moment a run is. env shows why.` };
}

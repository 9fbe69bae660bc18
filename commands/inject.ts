import { runs as runsArg, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { plural, say } from "../src/core/say.ts";
import { runsInWords } from "../src/core/task/locks.ts";
import { choices } from "../src/core/text/nearest.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

/** Run numbers that a range may span. */
const MOST = 200_000;

export const inject = defineCommand({
  name: "inject",
  summary: "Give runs to a campaign: how a reprocessing gets its runs, all at once.",
  allow: "expert",
  args: {
    campaign: word("CAMPAIGN", "a campaign of the configuration"),
    runs: runsArg("run numbers and ranges; of a range, the runs that are known"),
  },
  options: {},
  examples: ["inject rereco-2026 8000-8215", "inject rereco-2026 8000 8003 8010-8020"],
  json: "{campaign, injected, already, unknown}",
  async run({ campaign, runs }, { queries, operations, actor, config, environment }: Context) {
    if (!operations) return notRunning();
    const numbers: number[] = [];
    for (const { from, to } of runs) {
      // Of a range, only runs that exist are meant; a single number that is not known is a mistake worth telling.
      if (from === to) numbers.push(from);
      else numbers.push(...(await queries.runPage({ limit: MOST + 1, from, to })).map((run) => run.number));
    }
    if (numbers.length > MOST)
      return refused([
        say`These are more than ${MOST} runs, the most that can be injected at once. Give smaller ranges.`,
      ]);
    const injected = await operations.inject(environment, campaign, [...new Set(numbers)], actor.id);
    if (!injected.ok)
      return refused([
        say`There is no campaign ${campaign}; ${choices(campaign, Object.keys(config?.campaigns ?? {}))}.`,
      ]);
    const data = { campaign, injected: injected.injected, already: injected.already, unknown: injected.unknown };
    const also = [
      ...(injected.already === 0
        ? []
        : [
            say`${plural(injected.already, "run")} ${injected.already === 1 ? "was" : "were"} in it already: tasks --campaign ${campaign} shows what became of them.`,
          ]),
      ...(injected.unknown.length === 0
        ? []
        : [say`Not known, and so left out: ${runsInWords(injected.unknown)}. The command runs lists those that are.`]),
      ...(numbers.length === 0 ? [say`No run of these ranges is known. The command runs lists those that are.`] : []),
    ];
    if (injected.injected === 0) return refused([say`No run was injected into ${campaign}.`, ...also], data);
    return done(
      [say`${plural(injected.injected, "run")} injected into ${campaign}. campaigns shows how far it is.`, ...also],
      data,
    );
  },
});

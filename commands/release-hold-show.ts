import { defineCommand, done } from "../src/core/command/command.ts";
import type { Context } from "./context.ts";
import { noSuchRun, notRunning } from "./refusals.ts";
import { HOLD_FIELDS, holdBlocks, holdData, holdOptions, noHold, runOfHold } from "./release-answers.ts";

export const releaseHoldShow = defineCommand({
  name: "release-hold show",
  summary: "The holds for release of a run: until when, what is not signed yet and whose turn it is.",
  allow: "anyone",
  args: { run: runOfHold },
  options: holdOptions,
  examples: ["release-hold show 8215"],
  json: `[${HOLD_FIELDS}}]`,
  async run({ run, workflow }, { operations, queries, environment, now }: Context) {
    if (!operations) return notRunning("what holds a run for release is not known");
    if ((await queries.runs([run])).length === 0) return noSuchRun(run);
    const holds = await operations.releaseHolds({ environment, run, workflow });
    if (holds.length === 0) return noHold(run);
    return done(
      holds.flatMap((held) => holdBlocks(held, now)),
      holds.map(holdData),
    );
  },
});

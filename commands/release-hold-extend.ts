import { text } from "../src/core/command/args.ts";
import { type Arg, defineCommand } from "../src/core/command/command.ts";
import { formatDuration, parseDuration } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import { askedAnswer, HOLD_FIELDS, holdOptions, runOfHold } from "./release-answers.ts";

const LEAST_MS = 60_000;

const longer: Arg<number> = {
  placeholder: "LENGTH",
  describe: "how much longer: 6h, 2d",
  optional: false,
  rest: false,
  flag: false,
  parse: (word) => {
    const ms = parseDuration(word);
    return ms !== undefined && ms >= LEAST_MS
      ? ms
      : { problem: `"${word}" is not a length of time, a minute or more`, instead: "write for example 30m, 6h or 2d" };
  },
};

export const releaseHoldExtend = defineCommand({
  name: "release-hold extend",
  summary: "Put off the release of a run. Where the workflow asks for two people, the second says the same.",
  allow: "shifter",
  args: {
    run: runOfHold,
    length: longer,
    reason: text("REASON", "why, for the channel and the history"),
  },
  options: holdOptions,
  examples: ["release-hold extend 8215 6h the alignment is looked at once more"],
  json: `[${HOLD_FIELDS}, outcome}]`,
  async run({ run, workflow, length: byMs, reason: why }, { operations, environment, actor, now }: Context) {
    if (!operations) return notRunning();
    const answer = await operations.askRelease({ environment, run, workflow }, { byMs, why }, actor);
    return askedAnswer(run, answer, `release-hold extend ${run} ${formatDuration(byMs)} REASON`, now);
  },
});

import { text } from "../src/core/command/args.ts";
import { defineCommand } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import { askedAnswer, HOLD_FIELDS, holdBlocks, holdOptions, runOfHold } from "./release-answers.ts";

export const releaseHoldForce = defineCommand({
  name: "release-hold force",
  summary:
    "Release a run now, whatever is not signed. Where the workflow asks for two people, the second says the same.",
  allow: "shifter",
  args: { run: runOfHold, reason: text("REASON", "why, for the channel and the history") },
  options: holdOptions,
  examples: ["release-hold force 8215 the conference is tomorrow"],
  json: `[${HOLD_FIELDS}, outcome}]`,
  async preview({ run, workflow }, { operations, environment, now }: Context) {
    const holds = (await operations?.releaseHolds({ environment, run, workflow })) ?? [];
    const closed = holds.filter(({ release }) => release.state !== "released");
    if (closed.length === 0) return undefined;
    return {
      say: [
        say`This releases at once, and what waits for nothing else begins:`,
        ...closed.flatMap((one) => holdBlocks(one, now)),
      ],
      basis: closed
        .map(
          ({ group, release, facts }) =>
            `${group.id} ${release.version} ${facts.unsigned.map(({ what }) => what).join()}`,
        )
        .join("; "),
    };
  },
  async run({ run, workflow, reason: why }, { operations, environment, actor, now }: Context) {
    if (!operations) return notRunning();
    const answer = await operations.askRelease({ environment, run, workflow }, { byMs: null, why }, actor);
    return askedAnswer(run, answer, `release-hold force ${run} REASON`, now);
  },
});

import { matchersInWords } from "../src/core/alert/silence.ts";
import { number } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import { silenceData } from "./silences.ts";

export const unsilence = defineCommand({
  name: "unsilence",
  summary: "End a silence. What still fires is told at once.",
  allow: "shifter",
  args: { silence: number("SILENCE", "the number of a silence") },
  options: {},
  examples: ["unsilence 2"],
  json: "{id, matcher, by, at, until, why}",
  async run({ silence }, { duty, actor }: Context) {
    if (!duty) return notRunning();
    const ended = await duty.unsilence(silence, actor.id);
    if (ended.ok)
      return done(
        [say`Silence ${silence} of ${matchersInWords(ended.silence.matchers)} is over. What still fires is told now.`],
        silenceData(ended.silence),
      );
    return refused([
      ended.reason === "unknown-silence"
        ? say`There is no silence ${silence}. The command silences lists those that last.`
        : say`Silence ${silence} is over already${ended.detail === undefined ? "" : `: ${ended.detail} ended it`}.`,
    ]);
  },
});

import { LONGEST_SILENCE_MS, type Matcher, matchersInWords, parseMatchers } from "../src/core/alert/silence.ts";
import { optional, text } from "../src/core/command/args.ts";
import { type Arg, defineCommand, done, refused } from "../src/core/command/command.ts";
import { moment, plural, say } from "../src/core/say.ts";
import { formatDuration } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { length } from "./duty-answers.ts";
import { notRunning } from "./refusals.ts";
import { silenceData } from "./silences.ts";

const TWO_HOURS_MS = 2 * 3_600_000;

const matcher: Arg<readonly Matcher[]> = {
  placeholder: "MATCHER",
  describe:
    "what they have, with commas: workflow=, task=, environment=, severity= (with * for anything), text~ (of the error)",
  optional: false,
  rest: false,
  flag: false,
  parse: parseMatchers,
};

export const silence = defineCommand({
  name: "silence",
  summary: "Tell nobody of some alerts for a while. What still fires when it ends is told then.",
  allow: "shifter",
  args: { matcher, reason: text("REASON", "why, for whoever asks") },
  options: { for: optional(length("for how long; 2h where it is left out, 30d at most")) },
  examples: [
    "silence workflow=t0 --for 4h new cables",
    'silence "workflow=t0,text~disk full" --for 1d the disk is ordered',
  ],
  json: "{id, matcher, by, at, until, why, alerts}",
  async run({ matcher: matchers, reason, for: forMs = TWO_HOURS_MS }, { duty, actor, now }: Context) {
    if (!duty) return notRunning();
    const made = await duty.silence({ matchers, until: now + forMs, why: reason }, actor.id);
    if (made.ok) {
      const { silence: one, alerts } = made;
      const now =
        alerts.length === 0
          ? "Nothing that fires now is among them."
          : `${plural(alerts.length, "alert")} that ${alerts.length === 1 ? "fires" : "fire"} now ${alerts.length === 1 ? "is" : "are"} among them.`;
      return done(
        [
          say`Silence ${one.id}: nobody is told of alerts with ${matchersInWords(matchers)} until ${moment(one.until)}: ${reason}. ${now} It ends sooner with: unsilence ${one.id}`,
        ],
        { ...silenceData(one), alerts: alerts.map(({ id }) => id) },
      );
    }
    return refused([
      made.reason === "over-already"
        ? say`That is no time at all. Write for example: --for 4h`
        : say`A silence lasts ${formatDuration(LONGEST_SILENCE_MS)} at most. What is to be quiet for longer is for a route in alerts.yaml.`,
    ]);
  },
});

import { matchersInWords, type Silence } from "../src/core/alert/silence.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { moment, say, table } from "../src/core/say.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";

export const silences = defineCommand({
  name: "silences",
  summary: "Which alerts nobody is told of, by whom, until when and why.",
  allow: "anyone",
  args: {},
  options: {},
  examples: ["silences"],
  json: "[{id, matcher, by, at, until, why}]",
  async run(_given, { queries, now }: Context) {
    const all = await queries.silences(now);
    if (all.length === 0) return done([say`Nothing is silenced.`], []);
    return done(
      [
        table(
          ["silence", "alerts with", "by", "since", "until", "why"],
          all.map((one) => [one.id, matchersInWords(one.matchers), one.by, moment(one.at), moment(one.until), one.why]),
        ),
        say`unsilence NUMBER ends one.`,
      ],
      all.map(silenceData),
    );
  },
});

export function silenceData({ id, matchers, by, at, until, why }: Silence) {
  return { id, matcher: matchersInWords(matchers), by, at: iso(at), until: iso(until), why };
}

import { count, optional, word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { list, moment, parts, say } from "../src/core/say.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { noSuchTag, refOf } from "./tag-answers.ts";

export const gtHistory = defineCommand({
  name: "gt history",
  summary: "What was done to a global tag, by whom and why, newest first.",
  allow: "anyone",
  args: { tag: word("TAG", "a global tag; gt list shows them") },
  options: { limit: optional(count("at most so many; 10 where nothing is said")) },
  examples: ["gt history prompt"],
  json: "[{at, by, why, kind, state, version, added, removed, cut, key}]",
  async run({ tag: name, limit = 10 }, context: Context) {
    const { conditions } = context;
    const ref = refOf(name, context);
    if (!(await conditions.tag(ref))) return await noSuchTag(name, conditions, context);
    const events = await conditions.history(ref, limit);
    return done(
      [
        say`${name}, newest first:`,
        list(
          events.map(({ at, by, why, kind, state, version, added, removed, cut }) => {
            const counts = [
              [added, "added"],
              [removed, "taken out"],
              [cut, "cut"],
            ] as const;
            const did = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
            return parts`${moment(at)} ${kind}${kind === "state" ? ` ${state}` : ""} by ${by}${did.length === 0 ? "" : `: ${did.join(", ")}`}${why === null ? "" : ` (${why})`}, version ${version}`;
          }),
        ),
      ],
      events.map((event) => ({ ...event, at: iso(event.at) })),
    );
  },
});

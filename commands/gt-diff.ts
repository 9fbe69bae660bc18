import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { diffInLines } from "../src/core/conditions/tag-words.ts";
import { code, plural, say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { spanOn } from "./moments.ts";
import { noSuchTag, refOf } from "./tag-answers.ts";

/** More intervals than this are read as data. */
const MOST = 25;

export const gtDiff = defineCommand({
  name: "gt diff",
  summary:
    "How two global tags differ, payload by payload and interval by interval, to be pasted into a merge request.",
  allow: "anyone",
  args: {
    first: word("TAG", "as it was"),
    second: word("OTHER", "as it is to be"),
  },
  options: {
    type: optional(word("TYPE", "one payload type alone")),
    runs: optional(word("RUNS", "only for these runs: 8000-8215")),
  },
  examples: ["gt diff prompt staging", "gt diff prompt staging --type t0 --runs 8000-8215"],
  json: "{first, second, same, spans: [{type, from: {major, minor}, until: {major, minor}, before, after}], typesAdded: [type], typesRemoved: [type], sameTypes}",
  async run({ first, second, type, runs }, context: Context) {
    const { conditions } = context;
    for (const name of [first, second])
      if (!(await conditions.tag(refOf(name, context)))) return await noSuchTag(name, conditions, context);
    const span = runs === undefined ? undefined : await spanOn(runs, context);
    if (span && "wrong" in span) return refused([span.wrong]);
    const diff = await conditions.diff(refOf(first, context), refOf(second, context), {
      ...(type !== undefined && { type }),
      ...(span && { span }),
    });
    const same = diff.spans.length === 0;
    const data = { first, second, same, ...diff };
    if (same)
      return done([say`${first} and ${second} hold the same${runs === undefined ? "" : ` for ${runs}`}.`], data);
    const { lines, left } = diffInLines(diff, MOST);
    const differing = new Set(diff.spans.map((one) => one.type)).size;
    return done(
      [
        code([`  ${first} -> ${second}`, ...lines].join("\n")),
        say`${plural(diff.spans.length, "interval")} of ${plural(differing, "payload type")} ${diff.spans.length === 1 ? "differs" : "differ"}, ${plural(diff.sameTypes, "type")} ${diff.sameTypes === 1 ? "is" : "are"} the same.${left > 0 ? ` ${left} more are not shown: --type and --runs narrow it down, --json has all.` : ""}`,
      ],
      data,
    );
  },
});

import { flag, optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, refused } from "../src/core/command/command.ts";
import { spanInWords } from "../src/core/conditions/iov.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { type Range, rangeOn } from "./moments.ts";
import { CHANGE_FIELDS, noSuchTag, refOf } from "./tag-answers.ts";
import { carryOut, previewOf, type Wish } from "./tag-change.ts";

export const gtRemove = defineCommand({
  name: "gt remove",
  summary:
    "Let nothing of a payload type hold in an open global tag from a run on, or for some runs. Payloads themselves stay.",
  allow: "expert",
  args: {
    tag: word("TAG", "a global tag that is OPEN; gt list shows them"),
    type: word("TYPE", "a payload type"),
  },
  options: {
    from: optional(word("RUN", "from this run on, 8215, or this moment of the conditions, 26.3")),
    runs: optional(word("RUNS", "for these runs alone: 8000-8215")),
    why: optional(word("REASON", "for the history; put it in quotes")),
    "dry-run": flag("only tell what would be done"),
  },
  examples: ["gt remove staging t0 --runs 8000-8215", "gt remove staging t0 --from 8215"],
  json: CHANGE_FIELDS,
  preview: async (given, context: Context) => await previewOf(await wishOf(given, context), given, context),
  run: async (given, context: Context) => await carryOut(await wishOf(given, context), given, context),
});

async function wishOf(
  given: Range & { readonly tag: string; readonly type: string },
  context: Context,
): Promise<Wish | Answer> {
  const { conditions } = context;
  const { tag: name, type } = given;
  const tag = await conditions.tag(refOf(name, context));
  if (!tag) return await noSuchTag(name, conditions, context);
  const span = await rangeOn(given, context);
  if ("wrong" in span) return refused([span.wrong]);
  const [some] = await conditions.iovs(tag, { type, span });
  if (!some)
    return refused([say`${name} holds nothing of ${type} ${spanInWords(span)}, so there is nothing to take out.`]);
  return {
    tag: refOf(name, context),
    change: { kind: "remove", type, span },
    shown: [say`This takes all of ${type} ${spanInWords(span)} out of ${name}.`],
    told: [say`${name} holds nothing of ${type} ${spanInWords(span)} now.`],
  };
}

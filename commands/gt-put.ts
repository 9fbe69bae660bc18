import { flag, optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, refused } from "../src/core/command/command.ts";
import { spanInWords } from "../src/core/conditions/iov.ts";
import { shortHash } from "../src/core/conditions/tag-words.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { type Range, rangeOn } from "./moments.ts";
import { findPayload } from "./payload-answers.ts";
import { CHANGE_FIELDS, noSuchTag, refOf } from "./tag-answers.ts";
import { carryOut, previewOf, type Wish } from "./tag-change.ts";

export const gtPut = defineCommand({
  name: "gt put",
  summary:
    "Let a payload hold in a global tag from a run on, or for some runs. A running tag takes it only later than all it has.",
  allow: "expert",
  args: {
    tag: word("TAG", "a global tag; gt list shows them"),
    payload: word("PAYLOAD", "its hash, or the first digits of it"),
  },
  options: {
    from: optional(word("RUN", "from this run on, 8215, or this moment of the conditions, 26.3")),
    runs: optional(word("RUNS", "for these runs alone: 8000-8215")),
    why: optional(word("REASON", "for the history; put it in quotes")),
    "dry-run": flag("only tell what would be done"),
  },
  examples: ["gt put staging 3f2a9c41d2e0 --from 8215", "gt put staging 3f2a9c41d2e0 --runs 8000-8215"],
  json: CHANGE_FIELDS,
  preview: async (given, context: Context) => await previewOf(await wishOf(given, context), given, context),
  run: async (given, context: Context) => await carryOut(await wishOf(given, context), given, context),
});

async function wishOf(
  given: Range & { readonly tag: string; readonly payload: string },
  context: Context,
): Promise<Wish | Answer> {
  const { conditions } = context;
  const tag = await conditions.tag(refOf(given.tag, context));
  if (!tag) return await noSuchTag(given.tag, conditions, context);
  const payload = await findPayload(given.payload, conditions);
  if ("ok" in payload) return payload;
  const span = await rangeOn(given, context);
  if ("wrong" in span) return refused([span.wrong]);
  const iovs = [{ type: payload.type, payload: payload.hash, ...span }];
  const what = `${payload.type} ${shortHash(payload.hash)} ${spanInWords(span)}`;
  return {
    tag: refOf(given.tag, context),
    change: { kind: tag.state === "RUNNING" ? "append" : "put", iovs },
    shown: [say`This lets ${what} hold in ${given.tag}.`],
    told: [say`In ${given.tag} now: ${what}.`],
  };
}

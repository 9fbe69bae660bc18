import { flag, optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, refused } from "../src/core/command/command.ts";
import { momentInWords } from "../src/core/conditions/moment.ts";
import { toAppend } from "../src/core/conditions/to-append.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { momentOn } from "./moments.ts";
import { CHANGE_FIELDS, noSuchTag, refOf } from "./tag-answers.ts";
import { carryOut, previewOf, type Wish } from "./tag-change.ts";

export const gtAppend = defineCommand({
  name: "gt append",
  summary:
    "Add to a running tag what a staging tag holds from a run on. Only what is later than everything that it has is taken.",
  allow: "expert",
  args: {
    running: word("RUNNING", "the tag that is RUNNING"),
    staging: word("FROM", "the tag whose contents it gets"),
  },
  options: {
    from: optional(word("RUN", "the first run that it is for: 8215, or a moment of the conditions, 26.3")),
    why: optional(word("REASON", "for the history; put it in quotes")),
    "dry-run": flag("only tell what would be done"),
  },
  examples: ["gt append prompt staging --from 8215", "gt append prompt staging --from 8215 --dry-run"],
  json: CHANGE_FIELDS,
  preview: async (given, context: Context) => await previewOf(await wishOf(given, context), given, context),
  run: async (given, context: Context) => await carryOut(await wishOf(given, context), given, context),
});

async function wishOf(
  {
    running,
    staging,
    from,
  }: { readonly running: string; readonly staging: string; readonly from?: string | undefined },
  context: Context,
): Promise<Wish | Answer> {
  const { conditions } = context;
  for (const name of [running, staging])
    if (!(await conditions.tag(refOf(name, context)))) return await noSuchTag(name, conditions, context);
  if (from === undefined)
    return refused([
      say`From which run on? Add --from RUN: gt append ${running} ${staging} --from 8215. gt show ${running} tells what it holds.`,
    ]);
  const first = await momentOn(from, context);
  if ("wrong" in first) return refused([first.wrong]);
  const iovs = await conditions.iovs(refOf(staging, context), { span: { from: first, until: null } });
  if (iovs.length === 0)
    return refused([say`${staging} holds nothing from ${momentInWords(first)} on, so there is nothing to append.`]);
  const wanted = toAppend(iovs, first, await conditions.lookup(refOf(running, context), first));
  if (wanted.length === 0)
    return refused([say`${running} holds already what ${staging} has from ${momentInWords(first)} on.`]);
  return {
    tag: refOf(running, context),
    change: { kind: "append", iovs: wanted },
    of: [refOf(staging, context)],
    shown: [say`This appends to ${running} what ${staging} holds from ${from} on. It cannot be undone.`],
    told: [say`${running} has now what ${staging} holds from ${from} on.`],
  };
}

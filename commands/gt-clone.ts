import { flag, optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { CHANGE_FIELDS, noSuchTag, notAName, refOf } from "./tag-answers.ts";
import { carryOut, previewOf, type Wish } from "./tag-change.ts";

export const gtClone = defineCommand({
  name: "gt clone",
  summary: "Make a new global tag, open, with what another holds now.",
  allow: "expert",
  args: {
    from: word("TAG", "the tag whose contents it gets"),
    to: word("NEW", "its name: lower-case letters, digits and inner hyphens"),
  },
  options: {
    why: optional(word("REASON", "what it is for: its description; put it in quotes")),
    "dry-run": flag("only tell what would be done"),
  },
  examples: ["gt clone prompt prompt-2026-12", 'gt clone prompt proc8 --why "eighth processing"'],
  json: CHANGE_FIELDS,
  preview: async (given, context: Context) => await previewOf(await wishOf(given, context), given, context),
  run: async (given, context: Context) => await carryOut(await wishOf(given, context), given, context),
});

async function wishOf(
  { from, to, why }: { readonly from: string; readonly to: string; readonly why?: string | undefined },
  context: Context,
): Promise<Wish | Answer> {
  const { conditions } = context;
  const of = await conditions.tag(refOf(from, context));
  if (!of) return await noSuchTag(from, conditions, context);
  return (
    notAName(to) ?? {
      tag: refOf(to, context),
      of: [refOf(from, context)],
      change: {
        kind: "clone",
        of: refOf(from, context),
        description: why ?? `as ${from} was at version ${of.version}`,
      },
      shown: [say`This makes the tag ${to} with all that ${from} (${of.state}, version ${of.version}) holds now.`],
      told: [
        say`${to} is there, OPEN, with all that ${from} holds at version ${of.version}. git does not know of it: tags/${to}.yaml declares it.`,
      ],
    }
  );
}

import { flag, optional, text, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, refused } from "../src/core/command/command.ts";
import { BEGINNING } from "../src/core/conditions/moment.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { spanOn } from "./moments.ts";
import { CHANGE_FIELDS, noSuchTag, refOf } from "./tag-answers.ts";
import { carryOut, previewOf, type Wish } from "./tag-change.ts";

export const gtMerge = defineCommand({
  name: "gt merge",
  summary:
    "Put what one or several tags hold into an open one. Where several hold something, the first of them comes first.",
  allow: "expert",
  args: {
    tags: {
      ...text("FROM", "tags in the order of their priority, and last the one that they go into"),
      placeholder: "FROM... INTO",
    },
  },
  options: {
    runs: optional(word("RUNS", "only for these runs: 8000-8215")),
    why: optional(word("REASON", "for the history; put it in quotes")),
    "dry-run": flag("only tell what would be done"),
  },
  examples: ["gt merge staging proc8", "gt merge fixes staging proc8 --runs 8000-8215"],
  json: CHANGE_FIELDS,
  preview: async (given, context: Context) => await previewOf(await wishOf(given, context), given, context),
  run: async (given, context: Context) => await carryOut(await wishOf(given, context), given, context),
});

async function wishOf(
  { tags, runs }: { readonly tags: string; readonly runs?: string | undefined },
  context: Context,
): Promise<Wish | Answer> {
  const { conditions } = context;
  const names = tags.split(/[\s,]+/).filter((one) => one !== "");
  const into = names.at(-1) ?? "";
  const from = names.slice(0, -1);
  if (from.length === 0) return refused([say`What into what? Write for example: gt merge staging ${into || "proc8"}`]);
  if (from.includes(into))
    return refused([say`${into} cannot be merged into itself. The last tag is the one that the others go into.`]);
  for (const name of names)
    if (!(await conditions.tag(refOf(name, context)))) return await noSuchTag(name, conditions, context);
  const span = runs === undefined ? { from: BEGINNING, until: null } : await spanOn(runs, context);
  if ("wrong" in span) return refused([span.wrong]);
  const where = runs === undefined ? "" : `, for ${runs}`;
  return {
    tag: refOf(into, context),
    of: from.map((name) => refOf(name, context)),
    change: { kind: "merge", of: from.map((name) => refOf(name, context)), span },
    shown: [say`This puts what ${named(from)} into ${into}${where}.`],
    told: [say`${into} has now what ${named(from)}${where}.`],
  };
}

function named(from: readonly string[]): string {
  return from.length === 1 ? `${from[0]} holds` : `${from.join(", then ")} hold`;
}

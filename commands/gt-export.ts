import { flag, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { plural, say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import { noSuchTag, refOf } from "./tag-answers.ts";

export const gtExport = defineCommand({
  name: "gt export",
  summary: "Write a global tag as files, or as one SQLite file, for whoever reads constants without asking anybody.",
  allow: "expert",
  args: { tag: word("TAG", "a global tag; gt list shows them") },
  options: { sqlite: flag("one SQLite file, for work without a network; a tree of files where this is left out") },
  examples: ["gt export prompt", "gt export prompt --sqlite"],
  json: "{tag, form, place, intervals, payloads, written, changed}",
  async run({ tag: name, sqlite }, context: Context) {
    const { tags, conditions, actor } = context;
    if (!tags) return notRunning("nothing can be exported; what was exported before still stands");
    const form = sqlite ? "sqlite" : "files";
    const exported = await tags.export(refOf(name, context), form, actor.id);
    if (!exported.ok)
      return exported.reason === "unknown-tag"
        ? await noSuchTag(name, conditions, context)
        : refused([say`${name} could not be written: ${exported.detail}. What was exported before still stands.`]);
    const { place, intervals, payloads, written, changed } = exported;
    const holds = `${plural(intervals, "interval")} of ${plural(payloads, "payload")}`;
    return done(
      [
        changed
          ? say`${name} is exported: ${holds}, ${written === 0 ? "none of them new" : `${written} of them new`}.`
          : say`${name} was exported like this already: ${holds}. Nothing was written.`,
        say`It stands in ${place}`,
      ],
      { tag: name, form, place, intervals, payloads, written, changed },
    );
  },
});

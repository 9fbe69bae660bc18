import { text, word } from "../src/core/command/args.ts";
import { defineCommand, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { holdingAt } from "./gt-show.ts";
import { momentOn } from "./moments.ts";
import { IOV_FIELDS, noSuchTag, refOf, TAG_FIELDS } from "./tag-answers.ts";

export const iov = defineCommand({
  name: "iov",
  summary: "Which payloads of a global tag are valid for a run.",
  allow: "anyone",
  args: {
    tag: word("TAG", "a global tag; gt list shows them"),
    run: text("at RUN", "a run, 8215, or a moment of the conditions, 26.3; and a payload type, where one is meant"),
  },
  options: {},
  examples: ["iov prompt at 8215", "iov prompt 8215", "iov prompt at 8215 t0"],
  json: `{tag: ${TAG_FIELDS}, at: {major, minor}, iovs: [${IOV_FIELDS}], missing: [type]}`,
  async run({ tag: name, run: words }, context: Context) {
    const { conditions, config } = context;
    const [, said, type] = /^(?:at\s+)?(\S+)(?:\s+(\S+))?$/.exec(words.trim()) ?? [];
    if (said === undefined) return refused([say`At which run? Write for example: iov ${name} at 8215`]);
    const tag = await conditions.tag(refOf(name, context));
    if (!tag) return await noSuchTag(name, conditions, context);
    const at = await momentOn(said, context);
    if ("wrong" in at) return refused([at.wrong]);
    const declared = config && Object.hasOwn(config.tags, name) ? config.tags[name] : undefined;
    return await holdingAt(tag, { at, said, type, declared }, conditions);
  },
});

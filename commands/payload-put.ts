import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { shortHash } from "../src/core/conditions/tag-words.ts";
import { say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

export const payloadPut = defineCommand({
  name: "payload put",
  summary:
    "Keep a file of the bot's machine as a payload. From the command line of that machine alone; gt put lets it hold.",
  allow: "expert",
  args: { file: word("FILE", "its whole path on the machine of the bot") },
  options: { type: optional(word("TYPE", "its payload type, as tags/NAME.yaml declares it")) },
  examples: ["payload put /data/t0-8215.json --type t0"],
  json: "{hash, type, bytes}",
  async run({ file, type }, { tags, config, actor, environment }: Context) {
    if (!tags) return notRunning();
    // Whoever gives a path makes the bot read it: only who may read everything that it may.
    if (!actor.owner || actor.account)
      return refused([say`A file is read from the machine of the bot, so this is only for its command line there.`]);
    const known = [...new Set(Object.values(config?.tags ?? {}).flatMap((tag) => Object.keys(tag.types)))].sort();
    if (type === undefined) return refused([say`Of which payload type? Add --type TYPE; ${choices("", known)}.`]);
    if (known.length > 0 && !known.includes(type))
      return refused([say`No tag of git has a payload type ${type}; ${choices(type, known)}.`]);
    if (!file.startsWith("/")) return refused([say`${file} is not a whole path. Write it from / on.`]);
    const kept = await tags.keep(type, file, environment, actor.id).catch(whyUnread);
    if (typeof kept === "string") return refused([say`${file} cannot be read: ${kept}. Nothing was kept.`]);
    return done(
      [
        say`Kept: ${kept.type} ${shortHash(kept.hash)}. It holds nowhere yet: gt put TAG ${shortHash(kept.hash)} --from RUN`,
      ],
      kept,
    );
  },
});

/** What the system says of a file; anything else is a fault. */
function whyUnread(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (typeof code !== "string" || !/^E[A-Z]+$/.test(code)) throw error;
  return message ?? code;
}

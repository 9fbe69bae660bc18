import { word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { spanInWords } from "../src/core/conditions/iov.ts";
import { shortHash, someOf } from "../src/core/conditions/tag-words.ts";
import { PRODUCTION } from "../src/core/environment/environment.ts";
import { fields, say } from "../src/core/say.ts";
import { sizeInWords } from "../src/core/task/limits.ts";
import type { Context } from "./context.ts";
import { findPayload } from "./payload-answers.ts";
import { IOV_FIELDS, iovJson } from "./tag-answers.ts";

export const payload = defineCommand({
  name: "payload",
  summary: "One payload: what it is, and in which global tags it holds for which runs.",
  allow: "anyone",
  args: { payload: word("PAYLOAD", "its hash, or its first digits; iov TAG at RUN shows them") },
  options: {},
  examples: ["payload 3f2a9c41d2e0"],
  json: `{hash, type, bytes, used: [{environment, tag, iov: ${IOV_FIELDS}}]}`,
  async run({ payload: hash }, { conditions }: Context) {
    const found = await findPayload(hash, conditions);
    if ("ok" in found) return found;
    const used = await conditions.whereUsed(found.hash);
    const lines = used.map(({ tag, iov }) => {
      const where = tag.environment === PRODUCTION ? tag.name : `${tag.name} of ${tag.environment}`;
      return `${where}, ${spanInWords(iov)}`;
    });
    return done(
      [
        say`${found.type} ${shortHash(found.hash)}`,
        fields({ size: sizeInWords(found.bytes), "whole hash": found.hash }),
        ...(lines.length === 0 ? [say`It is in no global tag.`] : [say`It holds in:`, ...someOf(lines)]),
      ],
      {
        ...found,
        used: used.map(({ tag, iov }) => ({ environment: tag.environment, tag: tag.name, iov: iovJson(iov) })),
      },
    );
  },
});

import { optional, text, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import { nameOf, noSignoff, notSigned, SIGNOFF_JSON, signoffArg, signoffData, signoffOf } from "./signoff-answers.ts";

export const reject = defineCommand({
  name: "reject",
  summary: "Say no to what a task came to: it has failed, and nothing is made from it.",
  allow: "person",
  args: { signoff: signoffArg(), reason: text("REASON", "what is wrong with it") },
  options: {
    shown: optional(word("DIGEST", "what you looked at, as its card has it; refused where that has changed")),
  },
  examples: ["reject 1089 outliers in sector 3", "reject signoff:12 wrong reference run"],
  json: SIGNOFF_JSON,
  async run({ signoff: ref, reason, shown }, context: Context) {
    const { operations, actor } = context;
    if (!operations) return notRunning();
    const of = await signoffOf(ref, context);
    if (!of) return refused([noSignoff(ref)]);
    const rejected = await operations.reject({ ...of, why: reason, shown }, actor);
    if (rejected.ok) {
      const { signoff } = rejected;
      return done(
        [
          say`${nameOf(signoff)} is rejected, and its task has failed: ${reason}. To make it anew: reprocess ${signoff.taskId}`,
        ],
        signoffData(signoff),
      );
    }
    return rejected.reason === "unknown-signoff" ? refused([noSignoff(ref)]) : notSigned(rejected);
  },
});

import { subjectOf } from "../src/core/alert/subscription.ts";
import { word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import { targetOf } from "./subscribe.ts";

export const unsubscribe = defineCommand({
  name: "unsubscribe",
  summary: "Not be told any more when a run or a workflow has ended.",
  allow: "person",
  personal: true,
  args: { what: word("RUN|WORKFLOW", "the number of a run, or the name of a workflow") },
  options: {},
  examples: ["unsubscribe 1003"],
  json: "{to, environment, subscribed}",
  async run({ what }, { duty, actor, environment }: Context) {
    if (!duty) return notRunning();
    const to = targetOf(what);
    const gone = await duty.unsubscribe({ environment, to }, actor.id);
    if (gone.ok)
      return done([say`You are not told when ${subjectOf({ to })} has ended.`], { to, environment, subscribed: false });
    return refused([
      say`You are not to be told when ${subjectOf({ to })} has ended, or were told already. subscribe ${what} asks for it.`,
    ]);
  },
});

import { type Subscription, subjectOf } from "../src/core/alert/subscription.ts";
import { word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { noSuchRun, noSuchWorkflow, notRunning } from "./refusals.ts";

export const subscribe = defineCommand({
  name: "subscribe",
  summary: "Be told, alone and once, when a run or a workflow has ended.",
  allow: "person",
  personal: true,
  args: { what: word("RUN|WORKFLOW", "the number of a run, or the name of a workflow") },
  options: {},
  examples: ["subscribe 1003", "subscribe t0"],
  json: "{to, environment, subscribed}",
  async run({ what }, { duty, actor, environment, config }: Context) {
    if (!duty) return notRunning();
    const to = targetOf(what);
    const asked = await duty.subscribe({ environment, to }, actor.id);
    const name = subjectOf({ to });
    if (asked.ok)
      return done([say`You are told when ${name} has ended. Not any more: unsubscribe ${what}`], {
        to,
        environment,
        subscribed: true,
      });
    switch (asked.reason) {
      case "unknown-run":
        return noSuchRun(Number(what));
      case "unknown-workflow":
        return noSuchWorkflow(what, config);
      case "already-ended":
        return refused([
          "run" in to
            ? say`All tasks of ${name} have ended already: tasks --run ${to.run} shows them.`
            : say`Nothing of ${name} waits or runs: tasks --workflow ${what} shows what became of it.`,
        ]);
      case "already-subscribed":
        return refused([say`You are told already when ${name} has ended. Not any more: unsubscribe ${what}`]);
    }
  },
});

export function targetOf(what: string): Subscription["to"] {
  return /^\d{1,15}$/.test(what) ? { run: Number(what) } : { workflow: what };
}

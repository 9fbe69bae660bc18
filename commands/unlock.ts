import { word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { noSuchEnvironment } from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

export const unlock = defineCommand({
  name: "unlock",
  summary:
    "End a lock, also that of somebody who went home, or leave the queue for it. The next in the queue has it then.",
  allow: "expert",
  args: { environment: word("ENV", "production, or mirror/BRANCH") },
  options: {},
  examples: ["unlock production"],
  json: "{environment, was, next}",
  async run({ environment }, { environments, actor }: Context) {
    if (!environments) return notRunning();
    const unlocked = await environments.unlock(environment, actor.id);
    if (!unlocked.ok)
      return unlocked.reason === "unknown-environment"
        ? noSuchEnvironment(environment)
        : refused([say`Environment ${environment} is not locked.`]);
    const { was, holder } = unlocked;
    if (was === null)
      return done(
        [say`You left the queue for ${environment}. To end the lock of ${holder} too: unlock ${environment}`],
        { environment, was, next: null },
      );
    return done(
      [
        holder === null
          ? say`The lock of ${environment} is over; it was ${was}'s.`
          : say`The lock of ${environment} was ${was}'s and is ${holder}'s now, who was next in the queue.`,
      ],
      { environment, was, next: holder },
    );
  },
});

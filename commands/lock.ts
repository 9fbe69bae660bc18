import { text, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { noSuchEnvironment } from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

export const lock = defineCommand({
  name: "lock",
  summary:
    "Keep an environment for oneself: deployments of others wait. Where somebody has it, one gets a place in the queue.",
  allow: "expert",
  args: { environment: word("ENV", "production, or mirror/BRANCH"), reason: text("REASON", "why, for whoever asks") },
  options: {},
  examples: ["lock production I am looking for the bad run"],
  json: "{environment, position, holder}",
  async run({ environment, reason }, { environments, actor }: Context) {
    if (!environments) return notRunning();
    const locked = await environments.lock(environment, reason, actor.id);
    if (locked.ok) {
      const data = { environment, position: locked.position, holder: locked.holder };
      return locked.position === 0
        ? done([say`Environment ${environment} is yours. When you are done: unlock ${environment}`], data)
        : done(
            [
              say`${locked.holder} has the lock of ${environment}. You are number ${locked.position} in the queue, and are told when it is yours. To leave it: unlock ${environment}`,
            ],
            data,
          );
    }
    switch (locked.reason) {
      case "unknown-environment":
        return noSuchEnvironment(environment);
      case "already-yours":
        return refused([say`The lock of ${environment} is yours already. When you are done: unlock ${environment}`]);
      case "already-queued":
        return refused([say`You are in the queue for ${environment} already; env ${environment} shows it.`]);
    }
  },
});

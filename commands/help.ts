import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { helpAll, helpOn, usageOf } from "../src/core/command/help.ts";
import { may } from "../src/core/permission/may.ts";
import { say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import type { Context } from "./context.ts";

export const help = defineCommand({
  name: "help",
  summary: "What can be typed here, or more about one command.",
  allow: "anyone",
  open: true,
  args: { command: optional(word("COMMAND", "the name of a command")) },
  options: {},
  examples: ["help", "help reprocess"],
  json: "[{command, summary, usage, allow, allowed, examples, json}]",
  async run({ command: wanted }, { commands, actor }: Context) {
    const data = commands
      .filter((one) => wanted === undefined || one.name === wanted)
      .map((one) => ({
        command: one.name,
        summary: one.summary,
        usage: usageOf(one),
        allow: one.allow,
        allowed: may(actor, { command: one }).ok,
        examples: one.examples,
        json: one.json,
      }));
    if (wanted === undefined) return done(helpAll(commands, actor), data);
    const command = commands.find((one) => one.name === wanted);
    if (!command)
      return refused([
        say`There is no command ${wanted}; ${choices(
          wanted,
          commands.map((one) => one.name),
        )}.`,
      ]);
    return done(helpOn(command, actor), data);
  },
});

import { optional, text } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { helpAll, helpOn, helpOnFamily, usageOf } from "../src/core/command/help.ts";
import { familyOf } from "../src/core/command/names.ts";
import { may } from "../src/core/permission/may.ts";
import { say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import type { Context } from "./context.ts";

export const help = defineCommand({
  name: "help",
  summary: "What can be typed here, or more about one command.",
  allow: "anyone",
  open: true,
  args: { command: optional(text("COMMAND", "the name of a command, or the first word of several")) },
  options: {},
  examples: ["help", "help reprocess"],
  json: "[{command, summary, usage, allow, allowed, examples, json}]",
  async run({ command: wanted }, { commands, actor }: Context) {
    const data = commands
      .filter((one) => wanted === undefined || one.name === wanted || one.name.startsWith(`${wanted} `))
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
    if (!command && data.length > 0) return done(helpOnFamily(familyOf(wanted, commands)), data);
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

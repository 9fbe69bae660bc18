import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { formatIssue } from "../src/core/config/issue.ts";
import { code, plural, say } from "../src/core/say.ts";
import type { Context } from "./context.ts";

export const validate = defineCommand({
  name: "validate",
  summary: "Check a configuration: every mistake with its file, line and column, and what to write instead.",
  allow: "anyone",
  args: {
    directory: optional(
      word("DIR", "a config repository on this machine; the newest commit of the bot's own where it is left out"),
    ),
  },
  options: {},
  examples: ["validate", "validate ./my-config"],
  json: "{ok, checked, workflows, issues: [{file, line, column, code, what, instead}]}",
  async run({ directory }, context: Context) {
    if (directory !== undefined && !context.actor.owner)
      return refused([
        say`Only whoever runs the bot can have a directory of its machine checked. Without DIR, the newest commit is checked.`,
      ]);
    const checked = await context.check(directory);
    const data = {
      ok: checked.issues.length === 0,
      checked: checked.what,
      workflows: checked.workflows,
      issues: checked.issues,
    };
    if (checked.issues.length === 0)
      return done([say`${checked.what}: no mistakes in ${plural(checked.workflows, "workflow")}.`], data);
    return refused(
      [
        say`${checked.what}: ${plural(checked.issues.length, "mistake")}.`,
        code(checked.issues.map(formatIssue).join("\n")),
      ],
      data,
    );
  },
});

import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

export const unlink = defineCommand({
  name: "unlink",
  summary: "Make an account that was linked nobody's: this one, or another of yours.",
  allow: "person",
  personal: true,
  args: { account: optional(word("ACCOUNT", "as whoami shows it, slack:U012AB3CD; this one where it is left out")) },
  options: {},
  examples: ["unlink", "unlink slack:U012AB3CD"],
  json: "{account, was}",
  async run({ account: named }, { actor, linking }: Context) {
    if (!linking) return notRunning();
    const [, chat = actor.account?.chat, id = actor.account?.id] = /^([a-z]+):(.+)$/s.exec(named ?? "") ?? [];
    if (chat === undefined || id === undefined || (named !== undefined && !named.includes(":")))
      return refused([say`Which account? unlink CHAT:ACCOUNT, as whoami shows it there.`]);
    const name = `${chat}:${id}`;
    const ended = await linking.unlink({ chat, id }, actor);
    if (ended.ok) return done([say`The account ${name} is ${ended.was} no more.`], { account: name, was: ended.was });
    switch (ended.reason) {
      case "not-linked":
        return refused([say`Nobody has linked the account ${name}.`]);
      case "in-people-yaml":
        return refused([say`The account ${name} stands in people.yaml under ${ended.detail}: take it out there.`]);
      case "not-yours":
        return refused([say`The account ${name} is not linked to you. whoami shows those that are.`]);
    }
  },
});

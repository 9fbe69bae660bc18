import { defineCommand, done } from "../src/core/command/command.ts";
import { may } from "../src/core/permission/may.ts";
import { type Block, fields, list, moment, parts, say } from "../src/core/say.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";

export const whoami = defineCommand({
  name: "whoami",
  summary: "Who calops takes you for, by which account, and in which roles.",
  allow: "anyone",
  open: true,
  args: {},
  options: {},
  examples: ["whoami"],
  json: "{id, name, known, owner, account, place: [...], roles: [...], accounts: [{account, linkedAt}], commands: [...]}",
  async run(_given, { actor, linking, commands }: Context) {
    const account = actor.account && `${actor.account.chat}:${actor.account.id}`;
    const known = actor.unknown !== true;
    const name = known ? (linking?.nameOf(actor.id) ?? null) : null;
    const accounts = known ? ((await linking?.accountsOf(actor.id)) ?? []) : [];
    const given = commands.filter((command) => may(actor, { command }).ok).map((command) => command.name);
    const data = {
      id: actor.id,
      name,
      known,
      owner: actor.owner,
      account: account ?? null,
      place: actor.at ?? [],
      roles: actor.roles,
      accounts: accounts.map((one) => ({
        account: `${one.chat}:${one.id}`,
        linkedAt: one.linkedAt && iso(one.linkedAt),
      })),
      commands: given,
    };
    return done(
      [
        who(),
        fields({
          account,
          "this place": actor.at?.join(", "),
          roles: actor.roles.length === 0 ? undefined : actor.roles.join(", "),
          "you may give": actor.owner ? undefined : given.join(", "),
        }),
        ...(accounts.length === 0
          ? []
          : [
              say`Your accounts:`,
              list(
                accounts.map((one) =>
                  one.linkedAt === null
                    ? parts`${one.chat}:${one.id}, by people.yaml`
                    : parts`${one.chat}:${one.id}, linked ${moment(one.linkedAt)}`,
                ),
              ),
            ]),
      ],
      data,
    );

    function who(): Block {
      if (actor.owner) return say`You are ${actor.id}, who runs this bot and may do everything.`;
      if (known) return say`You are ${actor.id}${name === null ? "" : ` (${name})`}.`;
      return say`calops does not know whose account this is. link makes it yours, or a line under your name in people.yaml: accounts: { ${actor.account?.chat}: ${actor.account?.id} }`;
    }
  },
});

import { optional, secretWord, word } from "../src/core/command/args.ts";
import { type Actor, type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import { type Block, moment, say, code as verbatim } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import { iso } from "../src/core/time.ts";
import type { Linking } from "../src/ports/linking.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

export const link = defineCommand({
  name: "link",
  summary:
    "Make a new account in a chat yours: type it there for a code, and with the code where you are known already.",
  allow: "anyone",
  open: true,
  personal: true,
  args: { code: optional(secretWord("CODE", "what link showed in the new account")) },
  options: { as: optional(word("PERSON", "for whom; only whoever runs the bot says that for others")) },
  examples: ["link", "link KX4M-29PT", "link KX4M-29PT --as jun"],
  json: "{account, person, code, until}",
  async preview({ code }, { actor, linking }: Context) {
    if (!linking || code === undefined || actor.unknown || actor.owner) return undefined;
    const account = await linking.look(code, actor);
    if (!account) return undefined;
    return {
      say: [
        say`This makes the account ${account.chat}:${account.id}, which calls itself "${account.name}", yours: whoever uses it may do all that you may. Say yes only if you asked for the code there yourself.`,
      ],
      basis: `${account.chat}:${account.id}`,
    };
  },
  async run({ code, as }, { actor, linking, config }: Context): Promise<Answer> {
    if (!linking) return notRunning();
    if (code === undefined) return await offer(actor, linking);
    if (actor.unknown)
      return refused([
        say`This account, ${actor.id}, is nobody's yet, so it can confirm nothing. Type link and the code in an account that is yours already, in another chat.`,
      ]);
    if (actor.owner && as === undefined)
      return refused([say`Whose account is it? link CODE --as PERSON, by their name in people.yaml.`]);
    const person = as ?? actor.id;
    const confirmed = await linking.confirm(code, person, actor);
    if (confirmed.ok) {
      const account = `${confirmed.account.chat}:${confirmed.account.id}`;
      return done(
        [
          say`The account ${account} is ${person} now. To take that back: unlink ${account}`,
          ...lines(person, confirmed.account),
        ],
        { account, person, code: null, until: null },
      );
    }
    switch (confirmed.reason) {
      case "unknown-code":
        return refused([
          say`This is no code that waits: it lasts 15 minutes and once. Type link in the new account for another.`,
        ]);
      case "too-many-guesses":
        return refused([
          say`Too many codes of yours were wrong. Wait 15 minutes, and type link in the new account for another.`,
        ]);
      case "unknown-person":
        return refused([
          say`There is no person ${person} in people.yaml; ${choices(person, Object.keys(config?.people ?? {}))}.`,
        ]);
      case "not-yours":
        return refused([
          say`Only whoever runs the bot makes an account somebody else's. Yours it becomes without --as.`,
        ]);
    }
  },
});

async function offer({ account, id, unknown }: Actor, linking: Linking): Promise<Answer> {
  if (!account)
    return refused([say`Type link in the chat whose account is new; here link CODE --as PERSON confirms it.`]);
  const name = `${account.chat}:${account.id}`;
  if (!unknown)
    return refused([
      say`This account, ${name}, is ${id} already. Type link in the new account, and here link with its code.`,
    ]);
  const { code, until } = await linking.offer(account);
  const shown = `${code.slice(0, 4)}-${code.slice(4)}`;
  return done(
    [
      say`The code for this account, ${name}, until ${moment(until)}:`,
      verbatim(`link ${shown}`),
      say`Type this line in an account that is yours already, in another chat; then this one is yours, too. If you have none, ask whoever runs the bot, who types: link ${shown} --as PERSON`,
      ...lines("YOU", account),
    ],
    { account: name, person: null, code, until: iso(until) },
  );
}

/** The same in git, where it is reviewed and stays. */
function lines(person: string, account: { readonly chat: string; readonly id: string }): Block[] {
  return [
    say`A merge request to people.yaml does the same, and stays when the bot is set up anew:`,
    verbatim(`people:\n  ${person}:\n    accounts: { ${account.chat}: ${account.id} }`),
  ];
}

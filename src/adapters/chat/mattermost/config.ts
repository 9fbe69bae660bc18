import { z } from "zod";
import { secret, text } from "../../../core/config/values.ts";

/** Where the server is. The token goes there with every question, so it has to be encrypted beyond this machine. */
const serverAddress = z.string().superRefine((value, context) => {
  const mistake = (message: string) => context.addIssue({ code: "custom", message });
  if (!URL.canParse(value)) return mistake("not an address; write for example https://chat.example.org");
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (protocol !== "https:" && !(protocol === "http:" && isNear(hostname)))
    mistake("not encrypted, and the token would go there for all to read; write https://");
  if (username !== "" || password !== "")
    mistake("a user or password in the address; leave them out, the token is enough");
  if (search !== "" || hash !== "") mistake("more than an address; leave out what begins with ? or #");
});

export const mattermostOptions = z.strictObject({
  url: serverAddress.meta({
    description:
      "Address of the server, as people open it; http:// only on this machine or for a container by its name",
  }),
  token: secret.meta({ description: "The token of the bot account, which the server shows once when it is made" }),
  team: z
    .union([text.transform((one) => [one]), z.array(text).min(1)], {
      error: "not a team; write the name of a team as it stands in addresses, or a list of these",
    })
    .transform((teams): readonly string[] => teams)
    .meta({
      description:
        "The team whose channels are used, by its name in addresses; or several. The first one that has a channel is meant",
    }),
  command: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,126}$/, "not a command; write lower-case letters, digits, - and _, without the slash")
    .default("cal")
    .meta({ description: "The slash command, without its slash. The bot registers it by itself" }),
  "bot-url": z
    .string()
    .refine(
      (value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
      "not an address; write for example http://calops:8470",
    )
    .optional()
    .meta({ description: "Where the server reaches the bot, if that is not the bot's public address" }),
  "command-token": secret.optional().meta({
    description: "Only where the bot may not manage slash commands and somebody made the command by hand: its token",
  }),
});

export type MattermostOptions = z.output<typeof mattermostOptions>;

function isNear(hostname: string): boolean {
  return hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname) || /^[a-z0-9-]+$/i.test(hostname);
}

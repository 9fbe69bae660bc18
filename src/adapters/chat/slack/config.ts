import { z } from "zod";
import { secret } from "../../../core/config/values.ts";

/** The tokens go there with every call. */
const address = z.string().refine(isSafe, "not an address that tokens may go to; write https://HOST/api/");

export const slackOptions = z
  .strictObject({
    "bot-token": secret.meta({ description: "The token of the installed app; it begins with xoxb-" }),
    "app-token": secret.optional().meta({
      description:
        "For Socket Mode, where Slack cannot reach the bot: the token of the app itself; it begins with xapp-",
    }),
    "signing-secret": secret.optional().meta({
      description: "For HTTP, where Slack reaches the bot at its public address: what Slack signs its requests with",
    }),
    command: z
      .string()
      .regex(/^\/[a-z0-9][a-z0-9_-]{0,30}$/, "not a slash command; write for example /cal")
      .default("/cal")
      .meta({ description: "The slash command, as the app's manifest names it" }),
    api: address.default("https://slack.com/api/").meta({ description: "Where the methods of Slack's Web API are" }),
  })
  .superRefine((options, context) => {
    const modes = [options["app-token"], options["signing-secret"]].filter((one) => one !== undefined);
    if (modes.length === 1) return;
    context.addIssue({
      code: "custom",
      path: modes.length === 0 ? [] : ["signing-secret"],
      message:
        modes.length === 0
          ? "no way for Slack to reach the bot; write app-token for Socket Mode, or signing-secret for HTTP"
          : "two ways for Slack to reach the bot; leave out signing-secret for Socket Mode, or app-token for HTTP",
    });
  });

export type SlackOptions = z.output<typeof slackOptions>;

function isSafe(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, search, hash } = new URL(value);
  const here = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  return (protocol === "https:" || (protocol === "http:" && here)) && username + search + hash === "";
}

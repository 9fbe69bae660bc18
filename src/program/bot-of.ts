/** The bot that a command line speaks to: of `CALOPS_URL`, or the one that runs on the data directory. */
import { join } from "node:path";
import { readBotAddress } from "../adapters/command-line/bot-address.ts";
import { type BotClient, botClient } from "../adapters/command-line/client.ts";
import { readToken } from "../adapters/web/access.ts";
import { type ProgramArguments, textOption } from "./arguments.ts";
import { DATA } from "./world.ts";

export function dataOf(args: ProgramArguments, env: NodeJS.ProcessEnv): string {
  return textOption(args, "data") ?? env["CALOPS_DATA"] ?? DATA;
}

export function botOf(
  args: ProgramArguments,
  env: NodeJS.ProcessEnv,
): { client: BotClient | undefined; data: string; remote: boolean } {
  const data = dataOf(args, env);
  const url = env["CALOPS_URL"];
  if (url !== undefined && textOption(args, "data") === undefined) {
    const token = env["CALOPS_TOKEN"];
    if (token === undefined)
      throw new Error(
        "CALOPS_URL is set and CALOPS_TOKEN is not; the token stands in access.json of the bot's data directory",
      );
    return { client: botClient(url, token), data, remote: true };
  }
  const address = readBotAddress(data);
  const token = readToken(join(data, "access.json"));
  return { client: address && token ? botClient(address.url, token) : undefined, data, remote: false };
}

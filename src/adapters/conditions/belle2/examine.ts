/** The conditions server of Belle II, looked at as whoever uses it would. */
import { bad, type Finding, good, told, unknown } from "../../../core/doctor/finding.ts";
import { plural } from "../../../core/say.ts";
import type { ServerAddress } from "../ask.ts";
import { readPayloads, readTags } from "./parse.ts";
import type { Talk } from "./talk.ts";

const ABOUT = "conditions server";

export async function examineBelle2({ url }: ServerAddress, talk: Talk): Promise<Finding[]> {
  try {
    const tags = await talk.ask("GET", "globalTags", readTags);
    await talk.ask("POST", "checkPayloads", readPayloads, []);
    return [
      good(ABOUT, `the server at ${url} answers, with ${plural(tags.length, "global tag")}`),
      unknown(
        `${ABOUT}: the token`,
        "the server does not say what it may; tokens of Belle II end after an hour, those of managers after 30 days",
        "the first publication shows it",
      ),
    ];
  } catch (error) {
    const { found, fix } = told((error as Error).message, `try curl ${url}v2/globalTags on this machine`);
    return [bad(ABOUT, found, fix)];
  }
}

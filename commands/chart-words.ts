/** What stands below the title of a chart. Nobody can click on a picture, so it says whose zone its moments are in. */
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";

export function about(campaign: string | undefined, { environment, now }: Context): string {
  const when = iso(now).slice(0, 16).replace("T", " ");
  return `${environment}, ${campaign === undefined ? "all campaigns" : `campaign ${campaign}`}; as of ${when} UTC`;
}

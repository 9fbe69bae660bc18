/** Where the bytes of payloads are: whether they can be read, and others put there. */
import { accessSync, constants, existsSync } from "node:fs";
import { bad, doubtful, type Finding, good } from "../../core/doctor/finding.ts";
import type { PayloadsAt } from "./options.ts";

const ABOUT = "conditions server: payloads";

export function payloadsFinding(at: PayloadsAt): Finding {
  if ("url" in at)
    return doubtful(
      ABOUT,
      `they are read from ${at.url}, so nothing can be published`,
      "write payloads: { directory: ... } where something is to be",
    );
  const { directory } = at;
  if (!existsSync(directory))
    return bad(
      ABOUT,
      `${directory} is not there`,
      `make it, or mount it, for the user of the bot: mkdir -p ${directory}`,
    );
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return good(ABOUT, `${directory} can be read and written`);
  } catch {
    return bad(
      ABOUT,
      `this user may not read and write ${directory}`,
      `let it: chmod u+rwx ${directory}, or its owner adds the user of the bot`,
    );
  }
}

import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { findingsAsData, findingsInWords } from "../src/core/doctor/words.ts";
import { PRODUCTION } from "../src/core/environment/environment.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";

export const doctor = defineCommand({
  name: "doctor",
  summary: "Looks at every connection of the bot as an administrator would, and says of each what is to be done.",
  allow: "expert",
  args: {},
  options: {},
  examples: ["doctor"],
  json: "{ok, good, doubtful, bad, unknown, findings: [{about, state, found, fix}]}",
  personal: true,
  async run(_given, { examine, environment }: Context) {
    // Whoever may do things in a mirror alone is not to see what only production has.
    if (environment !== PRODUCTION)
      return refused([say`doctor looks at the bot as a whole, and at no environment of its own; leave --env out.`]);
    if (!examine)
      return refused([say`The bot is not running. calops doctor on its machine looks at everything all the same.`]);
    const findings = await examine();
    return done(findingsInWords(findings), findingsAsData(findings));
  },
});

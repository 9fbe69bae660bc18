import { text, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { moment, say } from "../src/core/say.ts";
import { iso, parseDuration, parseInstant } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { noSuchEnvironment } from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

/** `until 2026-12-01T08:00: heavy-ion run`, `8h: new people`; between a day and its time may be a space. */
const UNTIL_AND_WHY = /^(?:until\s+)?(\d{4}-\d\d-\d\d \d\d:\d\d\S*?|\S+?):?\s+(\S.*)$/s;

export const freeze = defineCommand({
  name: "freeze",
  summary: "Deploy nothing to an environment until some moment. A rollback still goes.",
  allow: "expert",
  args: {
    environment: word("ENV", "production, or mirror/BRANCH"),
    rest: text("until TIME: REASON", "until when, as 8h, 3d, 2026-12-01 or 2026-12-01T08:00 (UTC), and why"),
  },
  options: {},
  examples: ["freeze production until 2026-12-01T08:00: heavy-ion run", "freeze production 8h: shift of new people"],
  json: "{environment, until, why}",
  async run({ environment, rest }, { environments, actor, now }: Context) {
    if (!environments) return notRunning();
    const [, when = "", reason = ""] = UNTIL_AND_WHY.exec(rest.trim()) ?? [];
    const length = parseDuration(when);
    const until = length === undefined ? parseInstant(when) : now + length;
    if (until === undefined)
      return refused([
        say`Until when, and why? Write for example: freeze ${environment} until 2026-12-01T08:00: heavy-ion run, or freeze ${environment} 8h: new people on shift`,
      ]);
    const frozen = await environments.freeze(environment, until, reason, actor.id);
    if (frozen.ok)
      return done(
        [
          say`Environment ${environment} is frozen until ${moment(until)}: ${reason}. It ends sooner with: unfreeze ${environment}`,
        ],
        { environment, until: iso(until), why: reason },
      );
    return frozen.reason === "unknown-environment"
      ? noSuchEnvironment(environment)
      : refused([say`${moment(until)} is past. Moments without a zone are in UTC.`]);
  },
});

import { flag, optional, word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { moment, plural, right, say, table } from "../src/core/say.ts";
import { whoMaySign } from "../src/core/signoff/card.ts";
import { maySign } from "../src/core/signoff/may-sign.ts";
import type { Signoff } from "../src/core/signoff/signoff.ts";
import type { Context } from "./context.ts";
import { SIGNOFF_JSON, signoffData } from "./signoff-answers.ts";

/** More than this at once is for programs. */
const SHOWN = 30;
const MOST = 500;

export const signoffs = defineCommand({
  name: "signoffs",
  summary: "Results that wait to be signed: by whom, since when, and until when.",
  allow: "anyone",
  args: {},
  options: {
    mine: flag("only those that wait for your word"),
    all: flag("also those that were signed, rejected, revoked or have lapsed, newest first"),
    campaign: optional(word("CAMPAIGN", "of one campaign")),
    workflow: optional(word("WORKFLOW", "of one workflow")),
  },
  examples: ["signoffs", "signoffs --mine", "signoffs --all --campaign prompt"],
  json: `[${SIGNOFF_JSON}]`,
  async run({ mine, all, campaign, workflow }, { queries, actor, environment, json }: Context) {
    const found = await queries.signoffPage({
      limit: json || mine ? MOST : SHOWN + 1,
      environment,
      ...(campaign !== undefined && { campaign }),
      ...(workflow !== undefined && { workflow }),
      ...(all ? {} : { states: ["asked"] }),
    });
    const listed = mine ? found.filter((one) => waitsFor(one, actor)) : found;
    if (listed.length === 0)
      return done(
        [
          mine
            ? say`Nothing waits for your signature. signoffs lists what waits for others.`
            : say`Nothing ${all ? "was ever to be" : "waits to be"} signed here.${all ? "" : " signoffs --all lists what was."}`,
        ],
        [],
      );
    const shown = listed.slice(0, SHOWN);
    const more = listed.length - shown.length;
    return done(
      [
        table(
          [right("task"), "what", "group", ...(all ? ["state"] : []), "by", "since", "until", "why"],
          shown.map((one) => [
            one.taskId,
            `${one.workflow}/${one.task}`,
            `${one.groupKey}${one.attempt > 1 ? ` (attempt ${one.attempt})` : ""}`,
            ...(all ? [one.state] : []),
            one.state === "asked" ? whoMaySign(one) : [...new Set(one.votes.map(({ by }) => by))].join(", "),
            moment(one.endedAt ?? one.askedAt),
            moment(one.dueAt),
            one.reason,
          ]),
        ),
        ...(more > 0
          ? [say`${json || mine ? plural(more, "more") : "There are more"}; signoffs --json gives all.`]
          : []),
        say`task TASK shows what it came to; approve TASK signs it, reject TASK REASON does not.`,
      ],
      listed.map(signoffData),
    );
  },
});

/** Whether this person's yes would count now. */
export function waitsFor(signoff: Signoff, actor: Context["actor"]): boolean {
  return signoff.state === "asked" && maySign(signoff, actor).ok;
}

import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { digestInWords } from "../src/core/oncall/digest.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { alertData, noSuchRota } from "./duty-answers.ts";
import { notRunning } from "./refusals.ts";
import { silenceData } from "./silences.ts";

export const handover = defineCommand({
  name: "handover",
  summary: "What a shift that ended now would tell the next: what failed, what waits, what was deployed.",
  allow: "anyone",
  args: { rota: optional(word("ROTA", "the rota; the first where it is left out")) },
  options: {},
  examples: ["handover", "handover shift"],
  json: "{rota, from, to, since, until, firing: the fields of alerts, resolved: the same, waiting: [{workflow, tasks}], toSign: [task], held: [task], pending: [deployment], deployed: [{id, environment, commit, subject, at}], silences: [{id, matcher, by, at, until, why}]}",
  async run({ rota: named }, { duty, config }: Context) {
    if (!duty) return notRunning("nobody knows the rotas");
    const name = named ?? config?.alerts.digests[0]?.rota ?? Object.keys(config?.rotas ?? {})[0] ?? "";
    const told = await duty.digest(name);
    if (!told.ok) return noSuchRota(name, config);
    const { facts } = told;
    return done(digestInWords(facts), {
      rota: facts.rota,
      from: facts.from ?? null,
      to: facts.to ?? null,
      since: iso(facts.since),
      until: iso(facts.until),
      firing: facts.firing.map(alertData),
      resolved: facts.resolved.map(alertData),
      waiting: facts.waiting,
      toSign: facts.toSign.map(({ taskId }) => taskId),
      held: facts.held.map(({ id }) => id),
      pending: facts.pending.map(({ id }) => id),
      deployed: facts.deployed.map(({ id, environment, commit, subject, endedAt }) => ({
        id,
        environment,
        commit,
        subject,
        at: endedAt === null ? null : iso(endedAt),
      })),
      silences: facts.silences.map(silenceData),
    });
  },
});

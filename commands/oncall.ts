import { optional, word } from "../src/core/command/args.ts";
import { type Arg, defineCommand, done } from "../src/core/command/command.ts";
import { type Duty, nextHandOver, onDuty } from "../src/core/oncall/duty.ts";
import type { Rota } from "../src/core/oncall/rota.ts";
import { list, moment, type Part, parts, say } from "../src/core/say.ts";
import { type Instant, iso, parseInstant } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { noSuchRota } from "./duty-answers.ts";

const time: Arg<Instant> = {
  placeholder: "TIME",
  describe: "who is on duty then, as 2026-12-24T08:00 (UTC); now where it is left out",
  optional: false,
  rest: false,
  flag: false,
  parse: (text) =>
    parseInstant(text) ?? { problem: `"${text}" is not a moment`, instead: "write for example 2026-12-24T08:00" },
};

export const oncall = defineCommand({
  name: "oncall",
  summary: "Who is on duty, until when, and who comes next.",
  allow: "anyone",
  args: { rota: optional(word("ROTA", "one rota; all of them where it is left out")) },
  options: { at: optional(time) },
  examples: ["oncall", "oncall shift --at 2026-12-24T08:00"],
  json: "[{rota, at, person, by, why, until, next}]",
  async run({ rota: name, at: asked }, { config, now }: Context) {
    const at = asked ?? now;
    const rotas = config?.rotas ?? {};
    if (name !== undefined && !Object.hasOwn(rotas, name)) return noSuchRota(name, config);
    const wanted = Object.values(rotas).filter((rota) => name === undefined || rota.name === name);
    if (wanted.length === 0) return noSuchRota("", config);
    const found = wanted.map((rota) => ({ rota, on: onDuty(rota, at), next: nextHandOver(rota, at) }));
    return done(
      [
        ...(asked === undefined ? [] : [say`At ${moment(at)}:`]),
        list(found.map(({ rota, on, next }) => lineOf(rota, on, next?.at, next?.to))),
      ],
      found.map(({ rota, on, next }) => ({
        rota: rota.name,
        at: iso(at),
        person: on?.person ?? null,
        by: on?.by ?? null,
        why: on?.why ?? null,
        until: next ? iso(next.at) : null,
        next: next?.to ?? null,
      })),
    );
  },
});

function lineOf(rota: Rota, on: Duty | undefined, until: Instant | undefined, next: string | undefined): Part[] {
  const how = on?.by === "override" ? ` (stands in: ${on.why})` : on?.by === "calendar" ? " (by the calendar)" : "";
  const who = `${rota.name}: ${on?.person ?? "nobody"}${how}`;
  if (until === undefined) return [who];
  return parts`${who} until ${moment(until)}, then ${next ?? "nobody"}`;
}

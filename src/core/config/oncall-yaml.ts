/** `oncall:` of `people.yaml`: who is on duty when. */
import { z } from "zod";
import { isTimezone, parseWall } from "../oncall/wall.ts";
import { parseInstant } from "../time.ts";
import { duration, name, text } from "./values.ts";

export const timezone = z
  .string({ error: "not a timezone; write for example Europe/Zurich" })
  .refine(isTimezone, "not a timezone; write its name in the database of timezones, for example Europe/Zurich");

const wall = z.string({ error: "not a moment; write 2026-11-02T08:00" }).transform((value, context) => {
  const at = parseWall(value);
  if (at !== undefined) return at;
  context.addIssue({
    code: "custom",
    message: `"${value}" is not a moment by the clock of the timezone; write for example 2026-11-02T08:00, without a zone`,
  });
  return z.NEVER;
});

/** By the clock of the rota's timezone, unless it names a zone. */
const moment = z.string({ error: "not a moment; write 2026-11-02T08:00" }).transform((value, context) => {
  const at = parseWall(value);
  if (at !== undefined) return { wall: at };
  const exact = parseInstant(value);
  if (exact !== undefined) return { at: exact };
  context.addIssue({
    code: "custom",
    message: `"${value}" is not a moment; write 2026-11-02T08:00 by the clock of the timezone, or 2026-11-02T08:00Z`,
  });
  return z.NEVER;
});

const override = z.strictObject({ from: moment, until: moment, person: text, why: text });

export const rotaYaml = z.strictObject({
  timezone: timezone.default("UTC").meta({ description: "By whose clock shifts begin; UTC where it is left out" }),
  start: wall.optional().meta({ description: "When the first turn begins, by the clock of the timezone" }),
  every: duration
    .refine((ms) => ms >= 3_600_000, "too short; write 1h or more")
    .prefault("7d")
    .meta({ description: "How long a turn is; days are days of the clock, in summer and in winter" }),
  people: z.array(text).min(1, "nobody; write the people who take turns, or leave it out").optional(),
  overrides: z.array(override).default([]).meta({ description: "Somebody stands in; the later line counts" }),
  calendar: z
    .string({ error: "not a file; write for example shifts.ics" })
    .regex(
      /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)?[A-Za-z0-9_-][A-Za-z0-9._-]*\.ics$/,
      "not a calendar's file; write a path from the root of the repository, at most one directory deep, for example shifts.ics",
    )
    .optional()
    .meta({ description: "An iCalendar file of the repository, whose shifts go before turns" }),
});

export const rotasYaml = z.record(name, rotaYaml).default({});

export type RotaYaml = z.output<typeof rotaYaml>;

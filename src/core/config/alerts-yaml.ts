/** `alerts.yaml`: where alerts go, and who is called when nobody takes care of them. */
import { z } from "zod";
import { SEVERITIES } from "../alert/severity.ts";
import { duration, exactlyOne, name, secret, text } from "./values.ts";

const channel = z.string({ error: 'not a channel; write "#timing"' }).min(1, 'not a channel; write "#timing"');

/** A workflow, or a pattern of names. */
const workflow = z
  .string()
  .regex(
    /^[a-z0-9*][a-z0-9*-]{0,59}$/,
    'not a workflow; write its name, with * for anything, for example t0 or "calib-*"',
  );

const NOT_A_SEVERITY = `not a severity; write one of ${SEVERITIES.join(", ")}`;
const severity = z.enum(SEVERITIES, { error: NOT_A_SEVERITY });

function oneOrMore<Schema extends z.ZodType>(schema: Schema, error: string) {
  return z
    .union([schema.transform((one) => [one]), z.array(schema).min(1, "an empty list matches nothing; leave it out")], {
      error,
    })
    .transform((list): readonly z.output<Schema>[] => list as readonly z.output<Schema>[]);
}

const step = z.strictObject({
  after: duration.meta({ description: "How long nobody has acknowledged it" }),
  to: z
    .strictObject({ oncall: name.optional(), person: text.optional(), channel: channel.optional() })
    .superRefine(exactlyOne(["oncall", "person", "channel"])),
});

const route = z.strictObject({
  match: z
    .strictObject({
      workflow: oneOrMore(workflow, "not a workflow; write its name or a list of names").optional(),
      severity: oneOrMore(severity, NOT_A_SEVERITY).optional(),
      environment: z
        .enum(["production", "mirrors"], { error: "not an environment here; write production or mirrors" })
        .default("production"),
    })
    .prefault({})
    .meta({ description: "Everything of production where it is left out" }),
  channel: channel.optional().meta({ description: "The workflow's own where it is left out" }),
  repeat: duration
    .refine((ms) => ms >= 60_000, "too often; write 1m or more")
    .optional()
    .meta({ description: "How long it is quiet about an alert that nobody took" }),
  escalate: z.array(step).default([]),
});

export const alertsYaml = z.strictObject({
  routes: z.array(route).default([]).meta({ description: "The first that matches counts" }),
  ack: z
    .strictObject({
      lapses: duration
        .refine((ms) => ms >= 60_000, "too short; write 1m or more")
        .prefault("8h")
        .meta({ description: "After so long an acknowledgement has to be given anew" }),
    })
    .prefault({}),
  digest: z
    .union(
      [
        z.strictObject({ rota: name, channel }).transform((one) => [one]),
        z.array(z.strictObject({ rota: name, channel })),
      ],
      { error: 'not a digest; write { rota: ROTA, channel: "#shift" }' },
    )
    .default([])
    .meta({ description: "What failed, waits and was deployed is told when the shift of a rota ends" }),
  heartbeat: z
    .strictObject({
      url: secret.meta({
        description: "Whoever has the address can keep quiet about a bot that is dead: it is a secret",
      }),
      every: duration
        .refine((ms) => ms >= 10_000, "too often; write 10s or more")
        .refine((ms) => ms <= 3_600_000, "too rarely; write 1h or less")
        .prefault("1m"),
    })
    .optional()
    .meta({ description: "An address that is asked again and again while the bot works" }),
});

export type AlertsYaml = z.output<typeof alertsYaml>;

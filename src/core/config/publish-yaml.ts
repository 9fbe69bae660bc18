/** `publish:`, `constants:` and the lock `conditions` of a task: what it gives to global tags, and what it takes from them. */
import { z } from "zod";
import { HOLDING } from "../conditions/wanted.ts";
import { duration, payloadType, tagName } from "./values.ts";

const PAYLOADS = "not payload types; write t0, or a list of such: [t0, pedestals]";
const payloads = z
  .union([payloadType.transform((one) => [one]), z.array(payloadType).min(1, "no payload type; name at least one")], {
    error: PAYLOADS,
  })
  .meta({ description: "Payload types" });
const tag = tagName.meta({ description: "tag, staging or target of the campaign, or a tag by its own name" });

export const publishYaml = z.strictObject({
  payload: payloads,
  tag,
  wait: duration.prefault("2h").meta({ description: "So long the constants of earlier runs are waited for" }),
  late: z
    .enum(["publish", "leave-out"], { error: "not what happens then; write publish or leave-out" })
    .default("publish")
    .meta({ description: "Of what comes after the constants of a later run: its own stretch up to those, or nothing" }),
  holds: z
    .enum(["onwards", "runs"], { error: "not for when; write onwards or runs" })
    .default("onwards")
    .meta({ description: "onwards: until the next one begins; runs: for the runs of the group only" }),
});

export const constantsYaml = z.strictObject({
  tag,
  payloads,
  when: z
    .enum(["valid", "from-run"], { error: "not how they are to hold; write valid or from-run" })
    .default("valid")
    .meta({ description: "valid: one holds for the runs; from-run: and one begins with them" }),
});

export const conditionsLockYaml = z.strictObject({
  tag,
  payloads,
  when: z
    .enum(HOLDING, { error: `not how they are to hold; write one of ${HOLDING.join(", ")}` })
    .default("valid")
    .meta({
      description:
        "valid: one holds for the runs; from-run: and one begins with them; newer: one begins after them, so that theirs are final",
    }),
});

export type PublishYaml = z.output<typeof publishYaml>;
export type ConstantsYaml = z.output<typeof constantsYaml>;
export type ConditionsLockYaml = z.output<typeof conditionsLockYaml>;

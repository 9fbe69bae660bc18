/** `signoff:` of a task in a workflow's file: who is to say that its results may be used. */
import { z } from "zod";
import { count, duration, exactlyOne, expression, name, text } from "./values.ts";

const deputies = z.array(text).default([]).meta({ description: "Roles and people who may sign in the role's place" });
const role = text.meta({ description: "A role or a person of people.yaml" });
const approvals = count.default(1).meta({ description: "So many different people" });

const step = z.strictObject({ role, approvals, deputies });

export const signoffYaml = z
  .strictObject({
    role: role.optional(),
    approvals: count.optional().meta({ description: "So many different people" }),
    deputies: deputies.unwrap().optional(),
    steps: z
      .array(step)
      .min(1, "no step; write at least one, or role")
      .optional()
      .meta({ description: "One after the other: an expert, then a manager" }),
    "same-person": z
      .boolean({ error: "neither true nor false; write true or false" })
      .default(false)
      .meta({ description: "Whether one person may sign in several steps" }),
    auto: expression
      .optional()
      .meta({ description: "Over `metrics` and `verdict`: what holds is signed by this rule, without anybody" }),
    remind: duration
      .refine((ms) => ms >= 60_000, "too often; write 1m or more")
      .optional()
      .meta({ description: "Asked for again so often while nobody signs" }),
    escalate: z
      .strictObject({
        after: duration,
        to: z
          .strictObject({ oncall: name.optional(), person: text.optional(), channel: text.optional() })
          .superRefine(exactlyOne(["oncall", "person", "channel"])),
      })
      .optional()
      .meta({ description: "Who is told when nobody has signed for so long" }),
    due: z
      .union([duration.transform((asked) => ({ asked })), z.strictObject({ release: duration })], {
        error: "not a deadline; write 24h (after it was asked) or { release: 48h } (after the end of the run)",
      })
      .optional(),
    "when-due": z
      .enum(["wait", "fail"], { error: "not what happens then; write wait or fail" })
      .optional()
      .meta({ description: "wait: told to be late, and still to be signed; fail: nobody can sign it any more" }),
  })
  .superRefine(exactlyOne(["role", "steps"]));

export type SignoffYaml = z.output<typeof signoffYaml>;

/** `validate:` of a task in a workflow's file: what its result must be like before it may be used. */
import { z } from "zod";
import { WINDOW } from "../validation/thresholds.ts";
import { count, exactlyOne, expression, name, text } from "./values.ts";

const amount = z.number({ error: "not an amount; write a number" }).min(0, "less than nothing; write 0 or more");

const channels = z.strictObject({
  prefix: text.meta({ description: "How the names of the metrics begin; what follows is the channel" }),
  error: text.optional().meta({ description: "How the names of their errors begin" }),
  against: z
    .enum(["previous", "reference", "zero"], {
      error: "not what it can be compared with; write previous, reference, or zero where a metric is the change itself",
    })
    .default("previous"),
  act: amount.meta({ description: "A smaller change needs nobody" }),
  significance: amount.optional().meta({ description: "Neither does one of fewer errors than this" }),
  most: amount.meta({ description: "A larger change must not be used" }),
  "most-error": amount.optional().meta({ description: "Nor may one that counts, with a larger error" }),
  "may-ask": z
    .int("not a number of channels; write 0 or more")
    .min(0, "less than none; write 0 or more")
    .default(0)
    .meta({ description: "While no more channels than this ask, nobody is asked" }),
});

const threshold = z
  .strictObject({
    accept: expression
      .optional()
      .meta({ description: "Over metrics, previous, reference and history: it is within its limits" }),
    veto: expression.optional().meta({ description: "Over the same: it must not be used, and its task fails" }),
    channels: channels.optional().meta({ description: "One limit for each of many metrics, by how their names begin" }),
  })
  .superRefine((value, context) => {
    if (value.accept === undefined && value.veto === undefined)
      exactlyOne(["accept", "veto", "channels"])(value, context);
  });

export const validateYaml = z.strictObject({
  first: z
    .enum(["ask", "accept"], { error: "not what becomes of it; write ask or accept" })
    .default("ask")
    .meta({ description: "What becomes of a result that has no earlier one to be compared with" }),
  reference: z
    .strictObject({ run: z.int("not a run; write its number").min(0, "not a run; write its number") })
    .optional()
    .meta({ description: "The run whose result is `reference`" }),
  window: count.default(WINDOW).meta({ description: "So many earlier results are `history`" }),
  thresholds: z
    .record(name, threshold)
    .refine((thresholds) => Object.keys(thresholds).length > 0, { error: "no threshold; declare at least one" }),
});

export type ValidateYaml = z.output<typeof validateYaml>;

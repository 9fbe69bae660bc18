/** `tags/NAME.yaml`: a global tag as it is to be. */
import { z } from "zod";
import { TAG_STATES } from "../conditions/tag.ts";
import { name, payloadType, text } from "./values.ts";

export const tagYaml = z.strictObject({
  description: text,
  state: z.enum(TAG_STATES).default("OPEN").meta({
    description: "OPEN, TESTING, VALIDATED, PUBLISHED (never changes), RUNNING (takes only new runs), INVALID",
  }),
  upstream: name.optional().meta({ description: "For a staging tag: the tag that it feeds" }),
  types: z
    .record(
      payloadType,
      z.strictObject({
        description: text,
        "one-run": z
          .boolean({ error: "not true or false; write true or false" })
          .default(false)
          .meta({ description: "A value holds for one run only, and a run without one is an error" }),
      }),
    )
    .meta({ description: "Payload types that it holds" }),
  "first-run": z
    .int({ error: "not a run number; write for example 8215" })
    .min(0, "not a run number; write 0 or more")
    .optional()
    .meta({ description: "Nothing in it holds for an earlier run" }),
});

export type TagYaml = z.output<typeof tagYaml>;

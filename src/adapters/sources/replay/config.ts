import { z } from "zod";
import { duration, text } from "../../../core/config/values.ts";
import { dottedPath } from "../dotted.ts";

/** `sources: NAME: replay: ...` in `calops.yaml`: runs that were taken before, given out as if they came now. */
export const replayOptions = z
  .strictObject({
    file: text.meta({ description: "JSON lines, or a JSON list; a relative path starts at the configuration" }),
    pace: duration.optional().meta({ description: "Time between two records" }),
    speed: z
      .number({ error: "not a speed; write for example 60 for a minute in each second" })
      .positive("not a speed; write a number greater than 0, for example 60")
      .optional()
      .meta({ description: "How many times as fast as it happened, by the records' own times" }),
    time: dottedPath
      .optional()
      .meta({ description: "Where a record holds its time, for speed; start where this is left out" }),
  })
  .superRefine(({ pace, speed, time }, context) => {
    const mistake = (message: string) => context.addIssue({ code: "custom", message });
    if (pace !== undefined && speed !== undefined)
      mistake("pace and speed stand together; write one of them, or neither");
    if (time !== undefined && speed === undefined) mistake("time goes with speed only; leave it out");
  });

export type ReplayOptions = z.output<typeof replayOptions>;

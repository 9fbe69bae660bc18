import { z } from "zod";
import { count, duration } from "../../../core/config/values.ts";

/** `executors: NAME: local: ...` in `calops.yaml`: jobs are processes on this machine. */
export const localOptions = z.strictObject({
  slots: count
    .optional()
    .meta({ description: "Jobs that run at once; as many as the machine has cores where this is left out" }),
  grace: duration.prefault("10s").meta({ description: "Between asking a job to end and forcing it" }),
});

export type LocalOptions = z.output<typeof localOptions>;

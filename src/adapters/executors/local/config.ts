import { availableParallelism } from "node:os";
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

/** Jobs that run at once. */
export const slotsOf = (options: LocalOptions): number => options.slots ?? availableParallelism();

/** Orders that are held at once: enough waiting ones that a place which becomes free is taken at once. */
export const capacityOf = (options: LocalOptions): number => 2 * slotsOf(options) + 2;

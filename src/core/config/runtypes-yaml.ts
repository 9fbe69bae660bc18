/** `runtypes.yaml`: named filters over runs with the workflows that each activates. */
import { z } from "zod";
import { expression, name, text } from "./values.ts";

export const runtypesYaml = z.record(
  name,
  z.strictObject({
    description: text.optional(),
    filter: expression.meta({ description: 'Over `run`, for example run.type == "physics"' }),
    workflows: z.array(name).min(1, "an empty list; name the workflows that this run type activates"),
  }),
);

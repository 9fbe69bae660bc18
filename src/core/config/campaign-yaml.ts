/** `campaigns/NAME.yaml`: a named processing pass. */
import { z } from "zod";
import { name, runIntervals, text } from "./values.ts";

export const campaignYaml = z.strictObject({
  description: text.optional(),
  kind: z
    .enum(["prompt", "reprocessing"])
    .meta({ description: "prompt: runs come as they are taken; reprocessing: runs are injected at once" }),
  workflows: z.array(name).optional().meta({ description: "All of them where this is left out" }),
  runs: runIntervals.optional().meta({ description: "Runs that it may take" }),
  release: text.default("none").meta({ description: "Software release, for ${release}" }),
  tag: text.default("none").meta({ description: "Global tag, for ${tag}" }),
  priority: z.int().default(0),
});

export type CampaignYaml = z.output<typeof campaignYaml>;

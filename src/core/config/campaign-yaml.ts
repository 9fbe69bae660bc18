/** `campaigns/NAME.yaml`: a named processing pass. */
import { z } from "zod";
import { count, name, runIntervals, tagName, text } from "./values.ts";

const staging = z.union([tagName.transform((one) => [one]), z.array(tagName).min(1), z.record(name, tagName)], {
  error: "not staging tags; write the name of a tag, a list of them, or workflow: tag for each workflow",
});

export const campaignYaml = z.strictObject({
  description: text.optional(),
  kind: z
    .enum(["prompt", "reprocessing"])
    .meta({ description: "prompt: runs come as they are taken; reprocessing: runs are injected at once" }),
  workflows: z.array(name).optional().meta({ description: "All of them where this is left out" }),
  runs: runIntervals
    .optional()
    .meta({ description: "Runs that it may take; those that a reprocessing is given when it is started" }),
  release: text.default("none").meta({ description: "Software release, for ${release}" }),
  tag: text.default("none").meta({ description: "Global tag, for ${tag}" }),
  snapshot: z.boolean().default(false).meta({
    description: "Jobs read a copy of the tag, made when the campaign is started, so that they can be repeated",
  }),
  tags: z
    .strictObject({
      target: tagName.optional().meta({ description: "The tag that the staging tags are merged into in the end" }),
      staging: staging.default([]).meta({
        description:
          "Where constants are collected: one tag, several, or one by workflow. The first goes before the others",
      }),
      from: tagName.optional().meta({
        description: "At the start staging tags become copies of this one; empty where it is left out",
      }),
    })
    .optional(),
  attempt: count.default(1).meta({ description: "How often these runs are processed anew, with this one" }),
  label: text
    .default("${campaign}")
    .meta({ description: "Marks everything that is made: campaign, attempt, release, tag may be used" }),
  start: z.enum(["manual", "at once"]).optional().meta({
    description: "manual: a draft until somebody starts it; at once: started when it is deployed",
  }),
  experts: z.record(name, text).default({}).meta({
    description: "A person or a role by workflow: whose its tasks are; the workflow's owner where it is left out",
  }),
  manager: text.optional().meta({ description: "A person or a role: who merges its constants into the target tag" }),
  executor: name.optional().meta({ description: "Where its jobs run, whatever the tasks say" }),
  keep: z.int().min(0).optional().meta({
    description: "Outputs of so many attempts before the present one are kept; of all where it is left out",
  }),
  tickets: z
    .boolean()
    .default(false)
    .meta({ description: "Each of its workflows has a ticket, where tickets are configured" }),
  priority: z.int().default(0),
});

export type CampaignYaml = z.output<typeof campaignYaml>;

/** `workflows/NAME/workflow.yaml`: the shape of the file. What it refers to is checked in `compile-workflow.ts`. */
import { z } from "zod";
import { SEVERITIES } from "../alert/severity.ts";
import { backoff, errorRule, pauseAfter } from "./calops-yaml.ts";
import { conditionsLockYaml, constantsYaml, publishYaml } from "./publish-yaml.ts";
import { signoffYaml } from "./signoff-yaml.ts";
import { validateYaml } from "./validate-yaml.ts";
import { command, count, duration, exactlyOne, expression, name, runIntervals, size, text, word } from "./values.ts";

const GROUPINGS =
  "not a grouping; write run, fill, { runs: 10 }, { luminosity: 2000 }, { span: 24h } or { ranges: { bucket-1: 1000-1999 } }";

const grouping = z.union(
  [
    z.enum(["run", "fill"], { error: GROUPINGS }),
    z
      .strictObject({
        fill: z.strictObject({}).optional(),
        runs: count.optional(),
        luminosity: z
          .number({ error: "not an amount; write a number in the unit of run.luminosity" })
          .positive("too small; write more than 0")
          .optional(),
        span: duration.refine((ms) => ms >= 1_000, "too short; write 1s or more").optional(),
        ranges: z.record(name, runIntervals).optional(),
        grace: duration.optional().meta({ description: "Complete once no run has joined for so long" }),
      })
      .superRefine(exactlyOne(["fill", "runs", "luminosity", "span", "ranges"])),
  ],
  { error: GROUPINGS },
);

const ask = z
  .strictObject({
    what: text.meta({ description: "What is waited for, in people's words" }),
    owner: text.default("outside"),
    url: text.optional(),
    run: command.optional(),
    open: expression.meta({ description: "Over `answer`, the JSON that was answered" }),
    every: duration.prefault("5m"),
  })
  .superRefine(exactlyOne(["url", "run"]));

const released = z.strictObject({
  after: duration.meta({ description: "So long after the end of the newest run of the group" }),
  early: z
    .union([z.literal(true), z.array(text).min(1)], {
      error: "nothing is named; write true for all that is to be signed, or name tasks or workflows: [t0/calibrate]",
    })
    .optional()
    .meta({
      description: "Ends as soon as these are signed: workflow, task, or workflow/task; true for all that is to be",
    }),
  announce: duration.prefault("1h").meta({ description: "The channel is told so long before it ends" }),
  extend: z
    .strictObject({ role: text, persons: count.default(1) })
    .prefault({ role: "expert" })
    .meta({ description: "Who may put it off or end it, and how many of them must say the same" }),
});

const signed = z.union(
  [
    text.transform((task) => ({ task, role: undefined })),
    z.strictObject({
      task: text.meta({ description: "Whose results are to be signed, for all runs that are covered" }),
      role: text.optional().meta({ description: "The step of this role is enough; all steps where it is left out" }),
    }),
  ],
  {
    error:
      "not a sign-off; write the task that is signed: t0/calibrate, or { task: t0/calibrate, role: timing-expert }",
  },
);

const lock = z
  .strictObject({
    delay: duration.optional(),
    ask: ask.optional(),
    released: released.optional(),
    stage: name.optional(),
    conditions: conditionsLockYaml.optional(),
    signoff: signed.optional(),
  })
  .superRefine(exactlyOne(["delay", "ask", "released", "stage", "conditions", "signoff"]));

const split = z
  .strictObject({
    jobs: z
      .union([count, expression], { error: "not a number of jobs; write a number or an expression such as run.bursts" })
      .optional(),
    values: z
      .union([z.array(word).min(1), expression], {
        error: "not values; write for example [barrel, endcap], or an expression that gives a list",
      })
      .optional(),
    files: z
      .union([z.literal("all"), text], { error: "not files; write all, or the task whose outputs they are" })
      .optional()
      .meta({ description: "Output files of the tasks that it needs: all, or of one task" }),
    per: count.optional().meta({ description: "Files to a job, with `files`" }),
  })
  .superRefine(exactlyOne(["jobs", "values", "files"]));

const severity = z
  .enum(SEVERITIES, { error: `not a severity; write one of ${SEVERITIES.join(", ")}` })
  .meta({ description: "How bad it is when this fails for good; alerts.yaml sends it on by that" });

const task = z.strictObject({
  description: text.optional(),
  severity: severity.optional(),
  needs: z.array(text).default([]).meta({ description: "Tasks that must be done first: name, or workflow/name" }),
  locks: z.array(lock).default([]),
  run: command.meta({ description: "Program and arguments; a path that starts with ./ stands beside this file" }),
  combine: command.optional().meta({ description: "One more job after the others, given their outputs" }),
  split: split.optional(),
  repeat: z
    .strictObject({ until: expression.optional(), max: count, otherwise: z.enum(["fail", "accept"]).default("fail") })
    .optional(),
  executor: name.optional(),
  retries: z.int().min(0).max(1_000).optional(),
  backoff: backoff.optional(),
  walltime: duration.optional(),
  errors: z.array(errorRule).default([]),
  env: z
    .record(
      z
        .string()
        .regex(
          /^(?!CALOPS)[A-Za-z_][A-Za-z0-9_]*$/,
          "not a variable's name here; write letters, digits and _, and not CALOPS...",
        ),
      word,
    )
    .default({}),
  constants: constantsYaml.optional().meta({
    description: "Constants that its jobs are given; it waits until they hold for its runs",
  }),
  publish: publishYaml.optional().meta({ description: "What its jobs leave for a global tag" }),
  validate: validateYaml.optional().meta({ description: "What its result must be like before it may be used" }),
  signoff: signoffYaml.optional().meta({ description: "Who is to say that its results may be used" }),
});

export const workflowYaml = z.strictObject({
  description: text,
  owner: text.meta({ description: "A person or a role of people.yaml" }),
  channel: text.optional(),
  severity: severity.default("warning"),
  group: grouping.optional(),
  schedule: text.optional().meta({ description: "A cron expression, for a workflow that runs by the clock" }),
  timezone: text.default("UTC"),
  select: expression.optional(),
  uses: z
    .array(text)
    .optional()
    .meta({ description: "Attributes of a run that its jobs get, and by which results go stale" }),
  shares: z
    .array(text.transform((path) => path.replace(/^(\.\/)+(?=.)/, "").replace(/\/+$/, "")))
    .default([])
    .meta({
      description:
        "Files and directories of the repository that its scripts use, beside its own; a change there makes its results stale",
    }),
  stale: z.enum(["mark", "reprocess"]).default("mark").meta({
    description: "What happens to results made from values that have changed since: marked for people, or made anew",
  }),
  priority: z.int().default(0),
  limits: z.strictObject({ tasks: count.optional(), jobs: count.optional() }).default({}),
  "pause-after": pauseAfter.optional(),
  quota: size.optional().meta({ description: "What its kept outputs may take together" }),
  parameters: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/, "not a parameter's name; write lower-case letters, digits and _"),
      word,
    )
    .default({}),
  tasks: z
    .record(name, task)
    .refine((tasks) => Object.keys(tasks).length > 0, { error: "no task; declare at least one" }),
});

export type WorkflowYaml = z.output<typeof workflowYaml>;
export type ReleasedYaml = z.output<typeof released>;
export type TaskYaml = WorkflowYaml["tasks"][string];

/** `calops.yaml`: the experiment, its run sources and executors, and what holds where nothing else is said. */
import { z } from "zod";
import { ATTRIBUTE_TYPES } from "../expression/types.ts";
import { CAUSES } from "../job/failure.ts";
import { INSTEAD_OF_LOOKING, looksElsewhere } from "../text/endless.ts";
import type { Kinds } from "./kinds.ts";
import { count, duration, exactlyOne, expression, name, runIntervals, secret, size, text } from "./values.ts";

/** What an adapter says of itself: its kind, and the options that stand under that key in `calops.yaml`. */
export type KindSchemas = Readonly<Record<string, z.ZodType>>;

export const errorRule = z
  .strictObject({
    exit: z
      .union([z.int(), z.array(z.int()).min(1)], { error: "not an exit code; write 3 or [3, 4]" })
      .transform((codes) => [codes].flat())
      .optional()
      .meta({ description: "Exit code or codes of the job" }),
    log: text.transform(toPattern).optional().meta({ description: "Regular expression over the lines of the log" }),
    cause: z.enum(CAUSES).optional(),
    // biome-ignore lint/suspicious/noThenProperty: it is the word of the configuration, and nobody awaits a schema.
    then: z.enum(["retry", "fail", "hold", "skip"]),
    why: text.optional(),
  })
  .refine((rule) => rule.exit !== undefined || rule.log !== undefined || rule.cause !== undefined, {
    error: "a rule without a condition; write exit, log or cause",
  });

function toPattern(source: string, context: z.RefinementCtx): RegExp {
  if (looksElsewhere(source)) {
    context.addIssue({
      code: "custom",
      message: `"${source}" looks ahead, behind or back; ${INSTEAD_OF_LOOKING}`,
    });
    return z.NEVER;
  }
  try {
    return new RegExp(source);
  } catch {
    context.addIssue({
      code: "custom",
      message: `"${source}" is not a regular expression; write for example "Segmentation fault"`,
    });
    return z.NEVER;
  }
}

export const backoff = z.union(
  [
    duration.transform((firstMs) => ({ firstMs, factor: 2, maxMs: Math.max(firstMs, 1_800_000) })),
    z
      .strictObject({ first: duration, factor: z.number().min(1).default(2), max: duration.prefault("30m") })
      .transform(({ first, factor, max }) => ({ firstMs: first, factor, maxMs: max })),
  ],
  { error: "not a wait; write 30s or { first: 30s, factor: 2, max: 30m }" },
);

export const pauseAfter = z.union(
  [
    z.literal("never").transform(() => undefined),
    z
      .strictObject({ failures: count, of: count })
      .refine(({ failures, of }) => failures <= of, "more failures than jobs; write for example failures: 15, of: 20"),
  ],
  { error: "not a rule; write never or { failures: 15, of: 20 }" },
);

const runs = z.strictObject({
  attributes: z
    .record(
      z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, "not an attribute's name; write letters, digits and _"),
      z.enum(ATTRIBUTE_TYPES),
    )
    .default({})
    .meta({
      description:
        "Attributes of a run beside number, type, fill, start, end, duration and luminosity, with their types",
    }),
  numbers: runIntervals.optional().meta({ description: "Run numbers that can be real; others are quarantined" }),
  required: z.array(z.string()).default([]).meta({ description: "Attributes without which a record is quarantined" }),
  constant: z
    .array(z.string())
    .default([])
    .meta({ description: "Attributes in which two records of one run must agree" }),
  rules: z.array(z.strictObject({ check: expression, why: text })).default([]),
});

const defaults = z.strictObject({
  executor: name.default("local"),
  channel: text.default("#calibration"),
  retries: z.int().min(0).default(2),
  backoff: backoff.prefault("30s"),
  walltime: duration.prefault("24h"),
  errors: z.array(errorRule).default([]),
  "pause-after": pauseAfter.prefault({ failures: 15, of: 20 }),
});

/** Constants are often written: `minor: 0`. */
const place = z.union([expression, z.int().transform(String)], {
  error: "not an expression; write for example run.number",
});

/** @param kinds of servers that keep conditions somewhere else */
function conditions(kinds: KindSchemas) {
  return z
    .strictObject({
      major: place.default("run.number"),
      minor: place.default("0"),
      rest: z
        .strictObject({
          token: secret.optional().meta({ description: "Whoever has it may change tags; left out, nobody may" }),
        })
        .optional()
        .meta({ description: "Serves the REST interface of nopayloaddb at /hsf; left out, there is nothing there" }),
      server: z
        .strictObject(Object.fromEntries(Object.entries(kinds).map(([kind, options]) => [kind, options.optional()])))
        .superRefine(exactlyOne(Object.keys(kinds)))
        .optional()
        .meta({ description: "Keeps the conditions of production instead of the store of the bot" }),
    })
    .meta({ description: "Which moment of the conditions a run is, and where they are kept and served" });
}

/** @param kinds of trackers */
function tickets(kinds: KindSchemas) {
  return z
    .strictObject({
      ...Object.fromEntries(Object.entries(kinds).map(([kind, options]) => [kind, options.optional()])),
      accounts: z
        .record(name, text)
        .default({})
        .meta({ description: "What the tracker calls people: person of people.yaml, and their name or number there" }),
    })
    .superRefine(exactlyOne(Object.keys(kinds)))
    .meta({ description: "Where campaigns with tickets: true have theirs" });
}

const NOTHING_ELSE = { what: undefined, owner: "data taking", of: "group", tasks: [] as string[] } as const;

const stage = z.union(
  [
    expression.transform((runs) => ({ ...NOTHING_ELSE, runs, isShort: true })),
    z
      .strictObject({
        what: text.optional().meta({ description: "What is waited for, in people's words" }),
        owner: text.default("data taking").meta({ description: "Whose it is: whom to ask" }),
        of: z.enum(["group", "campaign"]).default("group").meta({
          description: "The runs of the group that waits, or all that were injected into its campaign",
        }),
        runs: expression.optional().meta({ description: "Over `run`: what holds for each of its runs" }),
        tasks: z.array(text).default([]).meta({ description: "workflow, or workflow/task: done for all of its runs" }),
      })
      .refine(({ runs, tasks }) => runs !== undefined || tasks.length > 0, {
        error: "nothing is asked; write runs: EXPRESSION, tasks: [t0/calibrate], or both",
      })
      .transform((stage) => ({ ...stage, isShort: false })),
  ],
  { error: "not a data set; write an expression over run, or { what: ..., tasks: [t0/calibrate], of: campaign }" },
);

const cards = z
  .strictObject({
    channel: text,
    workflows: z.array(text).min(1).default(["*"]).meta({ description: "Names of workflows; * stands for anything" }),
    campaigns: z.array(text).min(1).default(["*"]).meta({ description: "Names of campaigns; * stands for anything" }),
  })
  .meta({ description: "One message for each group, with all its tasks, which is edited as they go on" });

export function calopsYaml(kinds: Pick<Kinds, "sources" | "executors" | "chats" | "conditions" | "tickets">) {
  const {
    sources: sourceKinds,
    executors: executorKinds,
    chats: chatKinds = {},
    conditions: conditionKinds = {},
    tickets: ticketKinds = {},
  } = kinds;
  const source = z
    .strictObject({
      ...Object.fromEntries(Object.entries(sourceKinds).map(([kind, options]) => [kind, options.optional()])),
      every: duration.prefault("60s").meta({ description: "How often it is asked" }),
      fields: z
        .record(z.string(), expression)
        .optional()
        .meta({ description: "Attribute of the run: expression over `record`; number is the run's number" }),
    })
    .superRefine(exactlyOne(Object.keys(sourceKinds)));
  const executor = z
    .strictObject({
      ...Object.fromEntries(Object.entries(executorKinds).map(([kind, options]) => [kind, options.optional()])),
      limit: count.optional().meta({ description: "Jobs in flight at most" }),
    })
    .superRefine(exactlyOne(Object.keys(executorKinds)));
  return z.strictObject({
    experiment: text.meta({ description: "Name of the experiment, as it stands in messages" }),
    runs: runs.prefault({}),
    sources: z.record(name, source).default({}),
    executors: z.record(name, executor).default({}),
    chats: z
      .strictObject(Object.fromEntries(Object.entries(chatKinds).map(([kind, options]) => [kind, options.optional()])))
      .prefault({})
      .meta({ description: "Where messages go and commands come from; without any, the console of the bot" }),
    defaults: defaults.prefault({}),
    cards: cards.optional(),
    conditions: conditions(conditionKinds).prefault({}),
    tickets: tickets(ticketKinds).optional(),
    stages: z
      .record(name, stage)
      .default({})
      .meta({ description: "Data sets that tasks may wait for until they are complete" }),
    logs: z.strictObject({ keep: duration.prefault("90d"), limit: size.prefault("2GB") }).prefault({}),
    work: z
      .strictObject({ keep: duration.prefault("7d") })
      .prefault({})
      .meta({ description: "Working directories of failed jobs; those of jobs that are done go at once" }),
  });
}

export type CalopsYaml = z.output<ReturnType<typeof calopsYaml>>;

/** `environments.yaml`: what production and the mirrors of branches follow, and what must hold before something is deployed. */
import { z } from "zod";
import type { WEBHOOK_KINDS } from "../environment/rules.ts";
import { parseInstant } from "../time.ts";
import type { KindSchemas } from "./calops-yaml.ts";
import { count, duration, exactlyOne, name, runIntervals, secret, text } from "./values.ts";

/** Names of branches and tags in which `*` stands for anything but `/`, and `**` for anything. */
const pattern = z.string().superRefine((value, context) => {
  const message = mistakeInName(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

const branch = pattern.refine((value) => !value.includes("*"), "one branch is followed, not a pattern; write its name");

/** Git has no ref with these in its name. */
const NEVER_IN_NAMES = /[\s~^:?[\]\\]|@\{|\.\.|\/\/|^\/|\/$/;

function mistakeInName(value: string): string | undefined {
  if (value === "") return 'an empty name matches nothing; write for example "v*" or "wip/*"';
  if (value.length > 200) return "longer than any name; write at most 200 characters";
  if (value.startsWith("!")) return '"!" takes nothing away; write what mirrors leave out under except';
  if (value.startsWith("refs/")) return `"${value}" is a name in full; write the short one, for example main or "v*"`;
  if (NEVER_IN_NAMES.test(value) || /[{}]/.test(value))
    return `no branch or tag is called "${value}"; write a name, with * for anything within a step of it and ** for anything`;
  return undefined;
}

const follow = z
  .strictObject(
    {
      tag: pattern.optional().meta({ description: "The newest by version of the tags that match" }),
      branch: branch.optional(),
      commit: z
        .string()
        .regex(
          /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/,
          "not the whole id of a commit; write all of its 40 hexadecimal digits, as git log --format=%H prints them",
        )
        .optional(),
    },
    { error: 'not something to follow; write { tag: "v*" } or { branch: main }' },
  )
  .superRefine(exactlyOne(["tag", "branch", "commit"]));

const requirements = z.strictObject({
  signed: z
    .union([z.boolean(), z.strictObject({ role: name })], {
      error: "not a demand; write true, or { role: release-manager }",
    })
    .transform((value) => (typeof value === "object" ? value : value ? { role: undefined } : undefined))
    .optional()
    .meta({ description: "The tag or the commit is signed with a key of people.yaml" }),
  approval: z
    .union([name.transform((role) => ({ role, count: 1 })), z.strictObject({ role: name, count: count.default(1) })], {
      error: "not an approval; write the role, or { role: expert, count: 2 }",
    })
    .optional()
    .meta({ description: "By people of this role, in chat" }),
  "other-than-author": z
    .boolean()
    .default(false)
    .meta({ description: "Whoever made the commit does not count among those who approve it" }),
});

const moment = z
  .string({ error: "not a moment; write 2026-12-20 or 2026-12-20T17:00Z" })
  .transform((value, context) => {
    const at = parseInstant(value);
    if (at !== undefined) return at;
    context.addIssue({ code: "custom", message: `"${value}" is not a moment; write 2026-12-20 or 2026-12-20T17:00Z` });
    return z.NEVER;
  });

const freeze = z
  .strictObject({
    from: moment.optional().meta({ description: "A day or a moment; UTC where no zone is given" }),
    until: moment.optional(),
    every: text.optional().meta({ description: "A schedule of five fields: when it begins" }),
    for: atLeast("1m", 60_000).optional().meta({ description: "How long it lasts, counted as a stopwatch does" }),
    timezone: text.optional().meta({ description: "For every; UTC where it is left out" }),
    reason: text,
  })
  .superRefine((window, context) => {
    const once = window.from !== undefined && window.until !== undefined;
    const often = window.every !== undefined && window.for !== undefined;
    const isWhole = once
      ? window.every === undefined && window.for === undefined && window.timezone === undefined
      : often && window.from === undefined && window.until === undefined;
    if (!isWhole)
      context.addIssue({
        code: "custom",
        message: "not a window; write from and until, or every, for and if need be timezone, and a reason",
      });
  });

/** The time between two looks at the remote. */
const poll = atLeast("1s", 1_000).refine((ms) => ms <= 86_400_000, "too rarely; write 1d or less");

function atLeast(least: string, leastMs: number) {
  return duration.refine((ms) => ms >= leastMs, `too short; write ${least} or more`);
}

const runs = z.union(
  [
    z.strictObject({
      last: z
        .int({ error: "not a whole number; write from 1 to 1000" })
        .min(1, "too few; write from 1 to 1000")
        .max(1_000, "too many; write from 1 to 1000"),
    }),
    runIntervals,
  ],
  { error: "not runs; write { last: 3 } or a list such as [8215, 8300-8310]" },
);

const mirrors = z.strictObject({
  branches: z
    .array(pattern)
    .min(1, 'an empty list matches nothing; write ["**"], or leave mirrors out')
    .default(["**"]),
  except: z.array(pattern).default([]),
  runs: runs.prefault({ last: 3 }).meta({ description: "So many of the newest, or these" }),
  channel: z
    .string({ error: 'not a channel; write "#calibration-dev"' })
    .min(1, 'not a channel; write "#calibration-dev"')
    .meta({ description: "Where everything about mirrors is told; never a channel of production" }),
  grace: duration.prefault("7d").meta({ description: "Between the end of a branch and that of its mirror" }),
  jobs: count.default(2).meta({ description: "Jobs of one mirror in flight at most" }),
  isolation: z
    .enum(["required", "none"])
    .default("required")
    .meta({ description: "none: whoever can push a branch can read what the bot's user can read" }),
});

export function environmentsYaml(hostKinds: KindSchemas) {
  return z.strictObject({
    production: z
      .strictObject({
        follow: follow.optional().meta({ description: "The protected branch where it is left out" }),
        deploy: z.enum(["automatic", "on-request"]).default("automatic"),
        require: requirements.prefault({}),
        freeze: z.array(freeze).default([]),
      })
      .prefault({}),
    mirrors: mirrors.optional(),
    poll: poll.prefault("30s").meta({ description: "How often the remote is asked" }),
    host: z
      .strictObject(Object.fromEntries(Object.entries(hostKinds).map(([kind, options]) => [kind, options.optional()])))
      .superRefine(exactlyOne(Object.keys(hostKinds)))
      .optional()
      .meta({ description: "Where pull requests and statuses are told" }),
    webhooks: z
      .strictObject({
        github: secret.optional(),
        gitlab: secret.optional(),
        gitea: secret.optional(),
        bitbucket: secret.optional(),
      } satisfies Record<(typeof WEBHOOK_KINDS)[number], z.ZodType>)
      .prefault({})
      .meta({ description: "Who may hurry the next look, by the secret that they prove to know" }),
  });
}

export type EnvironmentsYaml = z.output<ReturnType<typeof environmentsYaml>>;

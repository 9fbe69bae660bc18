/** From the shape of `environments.yaml` to the rules of environments, and what they need of the people. */
import { channelsOf } from "../alert/rules.ts";
import type { EnvironmentRules, FreezeWindow, ProductionRules } from "../environment/rules.ts";
import type { Checker, Parsed } from "./checker.ts";
import type { Config } from "./config.ts";
import { CRON_INSTEAD, cronProblem } from "./cron.ts";
import type { EnvironmentsYaml } from "./environments-yaml.ts";

/**
 * @param people undefined where `people.yaml` cannot be read: then nothing is said of roles and keys
 * @param hosts the kinds of code hosts
 */
export function rulesOf(
  { value, check }: Parsed<EnvironmentsYaml>,
  people: Config["people"] | undefined,
  hosts: readonly string[],
): EnvironmentRules {
  const { production, mirrors, poll, webhooks } = value;
  if (people) checkRequirements(production.require, people, check);
  return {
    production: {
      follow: followOf(production),
      deploy: production.deploy,
      requires: {
        signed: production.require.signed,
        approval: production.require.approval,
        otherThanAuthor: production.require["other-than-author"],
      },
      freezes: production.freeze.map((window, index) => freezeOf(window, index, check)),
    },
    mirrors: mirrors && {
      branches: mirrors.branches,
      except: mirrors.except,
      runs: mirrors.runs,
      channel: mirrors.channel,
      graceMs: mirrors.grace,
      jobs: mirrors.jobs,
      isolation: mirrors.isolation,
    },
    pollMs: poll,
    host: hostOf(value.host, hosts),
    webhooks: Object.fromEntries(
      Object.entries(webhooks).flatMap(([kind, named]) => (named ? [[kind, named.secret]] : [])),
    ),
  };
}

/** Messages of mirrors are never among production's. */
export function checkMirrorChannel(
  { value, check }: Parsed<EnvironmentsYaml>,
  { channel, cards, alerts, workflows }: Pick<Config, "channel" | "cards" | "alerts" | "workflows">,
): void {
  if (!value.mirrors) return;
  const mirrored = bare(value.mirrors.channel);
  const whose = [channel, ...(cards ? [cards.channel] : []), ...channelsOf(alerts)].some(
    (one) => bare(one) === mirrored,
  )
    ? "production"
    : Object.values(workflows).find((workflow) => bare(workflow.channel) === mirrored)?.name;
  if (whose === undefined) return;
  check.report(
    ["mirrors", "channel"],
    "conflict",
    `messages of ${whose} go to ${value.mirrors.channel}, and those of mirrors never go to production's channels`,
    `write another, for example "#${bare(channel)}-dev"`,
  );
}

/** One channel may be written in several ways. */
function bare(channel: string): string {
  return channel.trim().replace(/^#/, "").toLowerCase();
}

function followOf({ follow }: EnvironmentsYaml["production"]): ProductionRules["follow"] {
  if (follow?.tag !== undefined) return { kind: "tag", pattern: follow.tag };
  if (follow?.commit !== undefined) return { kind: "commit", commit: follow.commit };
  return { kind: "branch", branch: follow?.branch };
}

type Requirements = EnvironmentsYaml["production"]["require"];

/** What nobody can fulfil would keep production as it is for ever. */
function checkRequirements(
  { signed, approval, ...more }: Requirements,
  people: Config["people"],
  check: Checker,
): void {
  const at = (...path: string[]) => ["production", "require", ...path];
  const roles = new Set(Object.values(people).flatMap((person) => person.roles));
  const haveRoles = Object.keys(people).length > 0;
  const keyed = Object.values(people).filter((person) => person.keys.length > 0);

  if (signed?.role !== undefined && haveRoles && !roles.has(signed.role))
    check.reference(at("signed", "role"), signed.role, roles, `nobody has the role ${signed.role}`);
  else if (signed && !keyed.some((person) => signed.role === undefined || person.roles.includes(signed.role)))
    check.report(
      at("signed"),
      "missing-key",
      signed.role === undefined ? "nobody has a key" : `nobody of the role ${signed.role} has a key`,
      "add keys: to a person in people.yaml",
    );

  if (approval && haveRoles) {
    const path = at("approval", "role");
    const able = Object.values(people).filter((person) => person.roles.includes(approval.role)).length;
    if (able === 0) check.reference(path, approval.role, roles, `nobody has the role ${approval.role}`);
    else if (able < approval.count)
      check.report(
        at("approval", "count"),
        "wrong-value",
        `there are no ${approval.count} people of the role ${approval.role}`,
        `write ${able}, or give the role to more`,
      );
  }
  if (more["other-than-author"] && !approval)
    check.report(
      at("other-than-author"),
      "conflict",
      "nobody has to approve anything",
      "add approval: and the role, or leave this out",
    );
}

function freezeOf(
  window: EnvironmentsYaml["production"]["freeze"][number],
  index: number,
  check: Checker,
): FreezeWindow {
  const { from = 0, until = 0, every, for: lengthMs = 0, timezone = "UTC", reason } = window;
  const at = ["production", "freeze", index];
  if (every === undefined) {
    if (from >= until)
      check.report([...at, "until"], "wrong-value", "it ends before it begins", "write a later moment");
    return { from, until, reason };
  }
  const problem = cronProblem(every, timezone);
  if (problem) check.report([...at, "every"], "wrong-value", problem, CRON_INSTEAD);
  return { cron: every, timezone, lengthMs, reason };
}

function hostOf(
  host: Readonly<Record<string, unknown>> | undefined,
  kinds: readonly string[],
): EnvironmentRules["host"] {
  const kind = host && kinds.find((one) => host[one] !== undefined);
  return kind === undefined ? undefined : { kind, options: host?.[kind] };
}

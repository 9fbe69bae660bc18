import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { driftInWords } from "../src/core/conditions/drift.ts";
import { branchOf, shortCommit, shortRef } from "../src/core/environment/environment.ts";
import { nextFreeze } from "../src/core/environment/freeze-windows.ts";
import { ITSELF } from "../src/core/history.ts";
import { type Block, fields, list, moment, parts, plural, say, table } from "../src/core/say.ts";
import { type Instant, iso } from "../src/core/time.ts";
import type { EnvironmentFacts } from "../src/ports/environments.ts";
import type { Context } from "./context.ts";
import { deploymentJson, gates, noSuchEnvironment } from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

export const env = defineCommand({
  name: "env",
  summary: "The environments: what runs, what should, how they do, and what people laid over what git says.",
  allow: "anyone",
  args: { environment: optional(word("ENV", "one of them, in full: production, or mirror/BRANCH")) },
  options: {},
  examples: ["env", "env production", "env mirror/new-fit"],
  json: "[{environment, sync, health, why, commit, ref, author, subject, deployedAt, target, goneSince, archivedAt, freeze, lock, queue, quarantine, overlays: [{what, by, why, since, until, end}], tagDrift: [{tag, what, git, store, instead}], running, pending}]",
  async run({ environment: wanted }, { environments, now }: Context) {
    if (!environments)
      return notRunning("it is not known what environments should run; what was deployed is told by: deployments");
    const facts = await environments.describe(wanted);
    const [only] = facts;
    if (wanted !== undefined) return only ? done(inFull(only, now), facts.map(json)) : noSuchEnvironment(wanted);
    return done(
      [
        table(
          ["environment", "runs", "ref", "sync", "health", ""],
          facts.map((one) => [
            one.environment.name,
            one.environment.commit === null ? "nothing" : shortCommit(one.environment.commit),
            one.environment.ref === null ? "" : shortRef(one.environment.ref),
            one.sync,
            one.health,
            remark(one),
          ]),
        ),
        say`env ENV shows one in full.`,
      ],
      facts.map(json),
    );
  },
});

function remark({ environment, pending, why, overlays, tagDrift, sync }: EnvironmentFacts): string {
  if (environment.goneSince !== null) return "its branch has gone";
  if (pending) return gates(pending)[0] ?? "";
  if (sync !== "synced") return why ?? "";
  if (overlays.length > 0)
    return `${plural(overlays.length, "overlay")}: ${overlays.map((one) => one.what).join(", ")}`;
  return tagDrift && tagDrift.length > 0 ? "tags differ: gt drift" : "";
}

function inFull(facts: EnvironmentFacts, now: Instant): Block[] {
  const { environment, commit, targetCommit, sync, health, why, running, pending, overlays, tagDrift, rules } = facts;
  const next = nextFreeze(rules.production.freezes, now);
  const isMirror = branchOf(environment.name) !== undefined;
  return [
    say`${environment.name}: ${sync}, ${health}.`,
    fields({
      runs:
        environment.commit === null
          ? "nothing yet"
          : `${shortCommit(environment.commit)}${environment.ref === null ? "" : ` (${shortRef(environment.ref)})`}${commit ? ` by ${commit.author}: ${commit.subject}` : ""}`,
      since: moment(environment.deployedAt) ?? undefined,
      "asked for by": running
        ? running.requestedBy === ITSELF
          ? "nobody: it follows its ref"
          : running.requestedBy
        : undefined,
      "should run":
        environment.target === null || environment.target.commit === environment.commit
          ? undefined
          : `${shortCommit(environment.target.commit)} (${shortRef(environment.target.ref)})${targetCommit ? ` by ${targetCommit.author}: ${targetCommit.subject}` : ""}`,
      "and does not": sync === "synced" ? undefined : (why ?? undefined),
      "its branch has gone": moment(environment.goneSince) ?? undefined,
      archived: moment(environment.archivedAt) ?? undefined,
      follows: isMirror ? undefined : followInWords(rules),
      "next freeze":
        isMirror || !next ? undefined : parts`${moment(next.from)} to ${moment(next.until)}: ${next.reason}`,
      queue: environment.queue.length === 0 ? undefined : environment.queue.map((one) => one.by).join(", "),
    }),
    ...(pending ? [say`A deployment of ${shortCommit(pending.commit)} waits:`, list(gates(pending))] : []),
    ...(overlays.length === 0
      ? []
      : [
          say`Beside what git says:`,
          list(
            overlays.map(
              (one) =>
                parts`${one.what}, by ${one.by} since ${moment(one.since)}${one.until === null ? "" : " until "}${one.until === null ? "" : moment(one.until)}: ${one.why}. It ends with: ${one.end}`,
            ),
          ),
        ]),
    ...(tagDrift === null
      ? [say`The conditions do not answer: nothing is known of global tags.`]
      : driftInWords(tagDrift)),
  ];
}

function followInWords({ production }: EnvironmentFacts["rules"]): string {
  const { follow, deploy, requires } = production;
  const what =
    follow.kind === "tag"
      ? `the newest tag ${follow.pattern}`
      : follow.kind === "branch"
        ? `branch ${follow.branch ?? "that is protected"}`
        : `commit ${shortCommit(follow.commit)}`;
  const asked = [
    ...(deploy === "on-request" ? ["somebody asks for it"] : []),
    ...(requires.signed ? ["it is signed"] : []),
    ...(requires.approval
      ? [`${plural(requires.approval.count, "approval")} by the role ${requires.approval.role}`]
      : []),
  ];
  return asked.length === 0 ? `${what}, by itself` : `${what}, once there is: ${asked.join(", ")}`;
}

function json({
  environment,
  commit,
  targetCommit,
  rules: _rules,
  ...facts
}: EnvironmentFacts): Record<string, unknown> {
  const when = (at: number | null) => (at === null ? null : iso(at));
  return {
    environment: environment.name,
    sync: facts.sync,
    health: facts.health,
    why: facts.why,
    commit: environment.commit,
    ref: environment.ref,
    author: commit?.author ?? null,
    subject: commit?.subject ?? null,
    deployedAt: when(environment.deployedAt),
    target: environment.target === null ? null : { ...environment.target, subject: targetCommit?.subject ?? null },
    goneSince: when(environment.goneSince),
    archivedAt: when(environment.archivedAt),
    freeze:
      environment.freeze === null
        ? null
        : { ...environment.freeze, since: iso(environment.freeze.since), until: iso(environment.freeze.until) },
    lock: environment.lock === null ? null : { ...environment.lock, since: iso(environment.lock.since) },
    queue: environment.queue.map((one) => ({ ...one, since: iso(one.since) })),
    quarantine: environment.quarantine.map((one) => ({ ...one, since: iso(one.since) })),
    overlays: facts.overlays.map((one) => ({ ...one, since: iso(one.since), until: when(one.until) })),
    tagDrift: facts.tagDrift,
    running: facts.running && deploymentJson(facts.running),
    pending: facts.pending && deploymentJson(facts.pending),
  };
}

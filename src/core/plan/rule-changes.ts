/** How `environments.yaml` changed: what a deployment must have first, and what branches may do. */
import type { EnvironmentRules, Follow, FreezeWindow, MirrorRules, ProductionRules } from "../environment/rules.ts";
import { iso } from "../time.ts";
import { asked, given, type Judged, type JudgedChange, judge, least, ranked } from "./judged.ts";
import { optionChanges } from "./options.ts";
import { type SettingChange, settingChanges, settings } from "./settings.ts";
import { length, runs } from "./written.ts";

export function ruleChanges(before: EnvironmentRules, after: EnvironmentRules): JudgedChange[] {
  return [
    ...productionChanges(before.production, after.production),
    ...mirrorChanges(before.mirrors, after.mirrors),
    ...outsideChanges(before, after),
  ];
}

function productionChanges(before: ProductionRules, after: ProductionRules): JudgedChange[] {
  const of = "production";
  return [
    ...otherwise({ of, what: "follow" }, followWritten(before.follow), followWritten(after.follow)),
    ...ranked({ of, what: "deploy" }, before.deploy, after.deploy, "automatic"),
    ...signedChanges({ of, what: "require.signed" }, before.requires.signed, after.requires.signed),
    ...approvalChanges({ of, what: "require.approval" }, before.requires.approval, after.requires.approval),
    ...asked({ of, what: "require.other-than-author" }, flag(before), flag(after)),
    ...freezeChanges({ of, what: "freeze" }, before.freezes, after.freezes),
  ];
}

function flag({ requires }: ProductionRules): string[] {
  return requires.otherThanAuthor ? ["somebody else than the author"] : [];
}

function followWritten(follow: Follow): string {
  switch (follow.kind) {
    case "tag":
      return `tags ${follow.pattern}`;
    case "branch":
      return follow.branch === undefined ? "the protected branch" : `branch ${follow.branch}`;
    case "commit":
      return `commit ${follow.commit}`;
  }
}

type Signed = ProductionRules["requires"]["signed"];

function signedChanges(judged: Judged, before: Signed, after: Signed): JudgedChange[] {
  const words = ({ role }: NonNullable<Signed>) => (role === undefined ? "by a person's key" : `by a key of ${role}`);
  if (!before || !after) return asked(judged, given(before, words), given(after, words));
  if (before.role === after.role) return [];
  const passes = { allOfBefore: after.role === undefined, allOfAfter: before.role === undefined };
  return [judge(judged, { from: words(before), to: words(after) }, passes)];
}

type Approval = ProductionRules["requires"]["approval"];

function approvalChanges(judged: Judged, before: Approval, after: Approval): JudgedChange[] {
  const words = ({ role, count }: NonNullable<Approval>) => `${count} by ${role}`;
  if (!before || !after) return asked(judged, given(before, words), given(after, words));
  if (before.role !== after.role) return otherwise(judged, words(before), words(after));
  return least(judged, before.count, after.count, (count) => words({ role: before.role, count }));
}

/** Windows of one reason are taken for one window. Outside of it things pass. */
function freezeChanges(
  judged: Judged,
  before: readonly FreezeWindow[],
  after: readonly FreezeWindow[],
): JudgedChange[] {
  const [gone, come] = [unlike(before, after), unlike(after, before)];
  const pairs = gone.flatMap((old) => {
    const now = come.find(({ reason }) => reason === old.reason);
    return now ? [{ old, now }] : [];
  });
  const alone = (windows: readonly FreezeWindow[]) =>
    windows.filter((one) => !pairs.some(({ old, now }) => one === old || one === now)).map(freezeWritten);
  return [
    ...pairs.map(({ old, now }) =>
      judge(
        judged,
        { from: freezeWritten(old), to: freezeWritten(now) },
        { allOfBefore: lasts(old, now), allOfAfter: lasts(now, old) },
      ),
    ),
    ...asked(judged, alone(gone), alone(come)),
  ];
}

function unlike(windows: readonly FreezeWindow[], others: readonly FreezeWindow[]): FreezeWindow[] {
  const known = others.map(freezeWritten);
  return windows.filter((one) => !known.includes(freezeWritten(one)));
}

/** Whether one window is over all the time in which another is. */
function lasts(outer: FreezeWindow, inner: FreezeWindow): boolean {
  if ("cron" in outer && "cron" in inner)
    return outer.cron === inner.cron && outer.timezone === inner.timezone && outer.lengthMs >= inner.lengthMs;
  if ("cron" in outer || "cron" in inner) return false;
  return outer.from <= inner.from && outer.until >= inner.until;
}

function freezeWritten(window: FreezeWindow): string {
  const when =
    "cron" in window
      ? `${window.cron} (${window.timezone}) for ${length(window.lengthMs)}`
      : `${iso(window.from)} to ${iso(window.until)}`;
  return `${when}: ${window.reason}`;
}

function mirrorChanges(before: MirrorRules | undefined, after: MirrorRules | undefined): JudgedChange[] {
  if (!before || !after) {
    // More runs where branches do, however well their jobs are kept apart.
    const words = (rules: MirrorRules) => `branches ${rules.branches.join(", ")}; isolation ${rules.isolation}`;
    const judged = { of: "environments.yaml", what: "mirrors" };
    return asked(judged, given(after, words), given(before, words)).map(turned);
  }
  const of = "mirrors";
  return [
    ...asked({ of, what: "branches" }, after.branches, before.branches).map(turned),
    ...asked({ of, what: "except" }, before.except, after.except),
    ...ranked({ of, what: "isolation" }, before.isolation, after.isolation, "none"),
    ...unjudged(of, settingChanges(mirrorSettings(before), mirrorSettings(after))),
  ];
}

/** Here more is asked for where more branches run. */
function turned(change: JudgedChange): JudgedChange {
  return { ...change, from: change.to, to: change.from };
}

function mirrorSettings(rules: MirrorRules) {
  return settings([
    ["runs", "last" in rules.runs ? `the last ${rules.runs.last}` : runs(rules.runs)],
    ["channel", rules.channel],
    ["grace", length(rules.graceMs)],
    ["jobs", rules.jobs],
  ]);
}

function outsideChanges(before: EnvironmentRules, after: EnvironmentRules): JudgedChange[] {
  const of = "environments.yaml";
  const kinds = ({ pollMs, host }: EnvironmentRules) =>
    settings([
      ["poll", length(pollMs)],
      ["host", host?.kind],
    ]);
  const webhooks = (rules: EnvironmentRules) =>
    settings(Object.entries(rules.webhooks).map(([kind, secret]) => [`webhooks.${kind}`, `secret ${secret}`] as const));
  return unjudged(of, [
    ...settingChanges(kinds(before), kinds(after)),
    ...optionChanges("host", before.host?.options, after.host?.options),
    ...settingChanges(webhooks(before), webhooks(after)),
  ]);
}

/** What is only set: nothing passes by it. */
function unjudged(of: string, changes: readonly SettingChange[]): JudgedChange[] {
  return changes.map((change) => ({ of, ...change, direction: "changed" }));
}

function otherwise(judged: Judged, from: string, to: string): JudgedChange[] {
  return from === to ? [] : [{ ...judged, from, to, direction: "changed" }];
}

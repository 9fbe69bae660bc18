/** What is said of holds for release by the commands about them. */
import { number, optional, word } from "../src/core/command/args.ts";
import { type Answer, done, refused } from "../src/core/command/command.ts";
import { groupInWords } from "../src/core/group/card.ts";
import type { HeldGroup } from "../src/core/release/held.ts";
import { agreeing, endOf, MOST_EXTRA_MS } from "../src/core/release/life.ts";
import { heldInWords, unsignedBlocks, wishBlocks, wishInWords } from "../src/core/release/words.ts";
import { type Block, say } from "../src/core/say.ts";
import { formatDuration, iso } from "../src/core/time.ts";
import type { AskedRelease, Operations } from "../src/ports/operations.ts";
import { noSuchRun } from "./refusals.ts";

export const runOfHold = number("RUN", "the number of a run");
export const holdOptions = { workflow: optional(word("WORKFLOW", "only the hold of one workflow")) };

export const HOLD_FIELDS =
  "{workflow, campaign, group, state, reason, endsAt, extra, toSign, unsigned: [{what, standing, by}], asked: [{want, by, at, why}], role, persons";

export function holdName({ group, workflow }: HeldGroup): string {
  return `${workflow.name} of ${groupInWords({ ...group, groupKey: group.key }, workflow.grouping.by)}`;
}

export function holdData({ group, workflow, rule, release, facts }: HeldGroup) {
  const endsAt = release.state === "released" ? release.releasedAt : endOf(release, rule, facts);
  return {
    workflow: workflow.name,
    campaign: group.campaign,
    group: group.key,
    state: release.state,
    reason: release.reason,
    endsAt: endsAt === undefined || endsAt === null ? null : iso(endsAt),
    extra: formatDuration(release.extraMs),
    toSign: facts.toSign,
    unsigned: facts.unsigned,
    asked: release.wishes.map((wish) => ({ want: wishInWords(wish), by: wish.by, at: iso(wish.at), why: wish.why })),
    role: rule.extend.role,
    persons: rule.extend.persons,
  };
}

/** How one stands. */
export function holdBlocks(held: HeldGroup, now: number): Block[] {
  const { rule, release, facts } = held;
  const waits = heldInWords(release, rule, facts);
  if (waits === null) return [say`${holdName(held)} is released: ${release.reason}.`];
  return [
    say`${holdName(held)} waits for ${waits}.`,
    ...unsignedBlocks(rule, facts),
    ...wishBlocks(release.wishes, rule, now),
  ];
}

export function noHold(run: number): Answer {
  return refused([
    say`Nothing of run ${run} is held for release. What its tasks wait for: tasks --run ${run}, then why TASK.`,
  ]);
}

/** What became of a wish for the holds of a run. */
export function askedAnswer(
  run: number,
  answer: Awaited<ReturnType<Operations["askRelease"]>>,
  again: string,
  now: number,
): Answer {
  if (!answer.ok) return answer.reason === "unknown-run" ? noSuchRun(run) : noHold(run);
  const { asked } = answer;
  const data = asked.map((one) => ({ ...holdData(one), outcome: one.outcome }));
  const blocks = asked.flatMap((one) => outcomeInWords(one, again, now));
  return asked.some(({ outcome }) => outcome === "asked" || outcome === "extended" || outcome === "forced")
    ? done(blocks, data)
    : refused(blocks, data);
}

function outcomeInWords(asked: AskedRelease, again: string, now: number): Block[] {
  const name = holdName(asked);
  const { rule, release } = asked;
  switch (asked.outcome) {
    case "extended":
    case "forced":
      return holdBlocks(asked, now);
    case "asked": {
      const last = release.wishes.at(-1);
      const missing = rule.extend.persons - (last ? agreeing(release.wishes, last, now).length : 0);
      return [
        say`${name}: this takes ${rule.extend.persons} people with the role ${rule.extend.role}, and ${missing} more must say the same within a day: ${again}`,
      ];
    }
    case "already-released":
      return [
        say`${name} is released already: ${asked.detail}. What it held may have begun; hold TASK keeps one back.`,
      ];
    case "already-said":
      return [say`${name}: you have asked for that already; somebody else with the role ${rule.extend.role} must.`];
    case "wrong-role":
      return [say`${name}: it takes the role ${asked.detail}, which you have not in people.yaml.`];
    case "too-long":
      return [
        say`${name}: a hold is put off by ${formatDuration(MOST_EXTRA_MS)} in all at most. What is to wait longer is held by: hold run:RUN REASON`,
      ];
  }
}

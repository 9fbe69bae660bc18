/** What is said of a hold: in `why`, in the channel, and by commands. */
import { type Block, list, moment, parts, plural, say } from "../say.ts";
import { formatDuration, type Instant, iso } from "../time.ts";
import { agreeing, endOf, lengthInWords } from "./life.ts";
import type { Release, ReleaseFacts, Unsigned, Wish } from "./release.ts";
import type { ReleaseRule } from "./rule.ts";

/** Results that are named before the others are counted. */
const MOST_NAMED = 10;

/** What it waits for, as `why` says it; null once it is released. */
export function heldInWords(release: Release, rule: ReleaseRule, facts: ReleaseFacts): string | null {
  if (release.state === "released") return null;
  const sooner = soonerInWords(rule, facts);
  const length = `${lengthInWords(release, rule)} after the end of the newest run`;
  if (!facts.complete) return `the hold for release: ${length}, and the group is still open${sooner}`;
  const endsAt = endOf(release, rule, facts);
  if (endsAt === undefined) return `the hold for release: ${length}, which is not known yet${sooner}`;
  const announced = release.state === "announced" ? ", announced" : "";
  return `the hold for release: until ${iso(endsAt)} (${length}${announced})${sooner}`;
}

/** Whose turn it is: who is to sign, as far as that would end it. */
export function whoseTurn(rule: ReleaseRule, { unsigned }: ReleaseFacts, otherwise: string): string {
  const signers = [...new Set(rule.early ? unsigned.map(({ by }) => by) : [])];
  return signers.length === 0 ? otherwise : signers.join(", ");
}

function soonerInWords({ early }: ReleaseRule, { unsigned, toSign }: ReleaseFacts): string {
  if (!early || toSign === 0) return "";
  const [first] = unsigned;
  if (!first) return "; everything is signed";
  const others = unsigned.length === 1 ? "" : ` and ${unsigned.length - 1} more`;
  return `; sooner once ${first.what}${others} ${unsigned.length === 1 ? "is" : "are"} signed`;
}

export type ReleaseOf = {
  /** `run 8215, prompt` */
  readonly group: string;
  readonly workflow: string;
  /** For a command that speaks of it. */
  readonly run: number;
};

/** The message of a hold, as it stands. */
export function releaseMessage(
  of: ReleaseOf,
  release: Release,
  rule: ReleaseRule,
  facts: ReleaseFacts,
  now: Instant,
): Block[] {
  const name = `${of.workflow} of ${of.group}`;
  if (release.state === "released") return [say`${name} is released: ${release.reason ?? ""}.`];
  const endsAt = endOf(release, rule, facts);
  const length = `${lengthInWords(release, rule)} after the end of the newest run`;
  return [
    endsAt === undefined
      ? say`${name} is held until ${length}.`
      : release.state === "announced"
        ? say`${name} is released at ${moment(endsAt)}: ${length}.`
        : say`${name} is held until ${moment(endsAt)}: ${length}.`,
    ...unsignedBlocks(rule, facts),
    ...wishBlocks(release.wishes, rule, now),
    say`${extendInWords(rule)} may put it off: release-hold extend ${of.run} 6h REASON | or end it now: release-hold force ${of.run} REASON`,
  ];
}

export function unsignedBlocks({ early }: ReleaseRule, { unsigned, toSign }: ReleaseFacts): Block[] {
  if (!early || toSign === 0) return [];
  if (unsigned.length === 0) return [say`Everything that is to be signed is signed.`];
  const more = unsigned.length - MOST_NAMED;
  return [
    say`Not signed yet, ${unsigned.length} of ${toSign}:`,
    list([...unsigned.slice(0, MOST_NAMED).map(lineOf), ...(more > 0 ? [`and ${more} more`] : [])]),
  ];
}

function lineOf({ what, standing, by }: Unsigned): string {
  return `${what}, ${standing}: ${by}`;
}

export function wishBlocks(wishes: readonly Wish[], rule: ReleaseRule, now: Instant): Block[] {
  const alive = wishes.filter((wish) => agreeing([wish], wish, now).length > 0);
  if (alive.length === 0) return [];
  return [
    say`Asked for, and somebody else with the role ${rule.extend.role} must say the same (${plural(rule.extend.persons, "person")} in all):`,
    list(alive.map((wish) => parts`${wishInWords(wish)} by ${wish.by} at ${moment(wish.at)}: ${wish.why}`)),
  ];
}

/** `extend by 6h`, `force` */
export function wishInWords({ byMs }: Pick<Wish, "byMs">): string {
  return byMs === null ? "force" : `extend by ${formatDuration(byMs)}`;
}

/** `2 people with the role manager` */
function extendInWords({ extend }: ReleaseRule): string {
  return extend.persons === 1
    ? `People with the role ${extend.role}`
    : `${extend.persons} people with the role ${extend.role}`;
}

/**
 * The life of a hold.
 *
 *   waiting            -> announced   its end is near: people are told when it is, and what is not signed yet
 *   announced          -> released    the announced moment has come
 *   waiting | announced -> released   everything is signed, somebody forced it, or its time was over before there was anything to hold
 *   waiting | announced -> waiting    extended: its new end will be announced again
 *
 * Released is final: whatever it held may have begun.
 */
import { become, type Decision, refuse } from "../decision.ts";
import { formatDuration, type Instant } from "../time.ts";
import type { Release, ReleaseFacts, Wish } from "./release.ts";
import type { ReleaseRule } from "./rule.ts";

/** What one person has asked for waits so long for the next one to ask the same. */
const WISH_LASTS_MS = 86_400_000;
/** What people may add to one hold in all. */
export const MOST_EXTRA_MS = 30 * 86_400_000;

/** Time has passed, or something that it is judged by has changed. */
export function look(
  release: Release,
  rule: ReleaseRule,
  facts: ReleaseFacts,
  now: Instant,
): Decision<Release, "unchanged"> {
  if (release.state === "released" || !facts.complete) return refuse("unchanged");
  if (rule.early && facts.toSign > 0 && facts.unsigned.length === 0)
    return released(release, "everything that is to be signed is signed", now);
  if (release.endsAt !== null)
    return now < release.endsAt
      ? refuse("unchanged")
      : released(release, `${lengthInWords(release, rule)} after the end of the newest run`, now);
  const planned = plannedEnd(release, rule, facts);
  if (planned === undefined) return refuse("unchanged");
  if (planned <= facts.since) return released(release, "its time was over before there was anything to hold", now);
  if (now < planned - rule.announceMs) return refuse("unchanged");
  // Whoever was away when it should have been announced does not take from people the time that they are promised.
  const endsAt = Math.max(planned, now + rule.announceMs);
  return become(
    release,
    { state: "announced", endsAt },
    { event: "release-announced", detail: { endsAt, unsigned: facts.unsigned.length } },
  );
}

/** When `look` would next say something else because of the time alone. */
export function nextLook(release: Release, rule: ReleaseRule, facts: ReleaseFacts): Instant | undefined {
  if (release.state === "released" || !facts.complete) return undefined;
  const planned = plannedEnd(release, rule, facts);
  return release.endsAt ?? (planned === undefined ? undefined : planned - rule.announceMs);
}

/** When it ends as far as is known now. */
export function endOf(release: Release, rule: ReleaseRule, facts: ReleaseFacts): Instant | undefined {
  return release.endsAt ?? plannedEnd(release, rule, facts);
}

export type Asking = Omit<Wish, "at"> & { readonly mayDecide: boolean };

export type WishRefused = "already-released" | "wrong-role" | "already-said" | "too-long";

/** Somebody wants it longer, or over. Where that takes several people, it is done when the last of them has said the same. */
export function askFor(
  release: Release,
  rule: ReleaseRule,
  facts: ReleaseFacts,
  { mayDecide, ...asking }: Asking,
  now: Instant,
): Decision<Release, WishRefused> {
  if (release.state === "released") return refuse("already-released", release.reason ?? "");
  if (!mayDecide) return refuse("wrong-role", rule.extend.role);
  const longer = asking.byMs === null ? 0 : extended(release, rule, facts, asking.byMs);
  if (longer > MOST_EXTRA_MS) return refuse("too-long", formatDuration(MOST_EXTRA_MS));
  const wish: Wish = { ...asking, at: now };
  const alike = agreeing(release.wishes, wish, now);
  if (alike.some((one) => one.by === wish.by)) return refuse("already-said");
  const { by, byMs, why } = wish;
  if (alike.length + 1 < rule.extend.persons) {
    const wishes = [...release.wishes.filter((one) => !isOver(one, now)), wish];
    return become(release, { wishes }, { event: "release-asked", why, detail: { byMs } });
  }
  const all = [...alike.map((one) => one.by), by];
  if (byMs === null) return released(release, `forced by ${all.join(" and ")}: ${why}`, now);
  return become(
    release,
    { state: "waiting", endsAt: null, extraMs: longer, wishes: [] },
    { event: "release-extended", why, detail: { byMs, by: all } },
  );
}

/** Wishes that still count and ask for the same. */
export function agreeing(wishes: readonly Wish[], { byMs }: Pick<Wish, "byMs">, now: Instant): Wish[] {
  return wishes.filter((one) => one.byMs === byMs && !isOver(one, now));
}

/** `48h`, `48h and 6h more` */
export function lengthInWords({ extraMs }: Release, { afterMs }: ReleaseRule): string {
  return extraMs === 0 ? formatDuration(afterMs) : `${formatDuration(afterMs)} and ${formatDuration(extraMs)} more`;
}

function isOver(wish: Wish, now: Instant): boolean {
  return now - wish.at >= WISH_LASTS_MS;
}

function plannedEnd({ extraMs }: Release, { afterMs }: ReleaseRule, { newestEnd }: ReleaseFacts): Instant | undefined {
  return newestEnd === undefined ? undefined : newestEnd + afterMs + extraMs;
}

/** What is added to it by then. An end that was announced later than planned moves by all of what is asked for. */
function extended(release: Release, rule: ReleaseRule, facts: ReleaseFacts, byMs: number): number {
  const planned = plannedEnd(release, rule, facts);
  const late = release.endsAt === null || planned === undefined ? 0 : Math.max(0, release.endsAt - planned);
  return release.extraMs + late + byMs;
}

function released(release: Release, why: string, now: Instant): Decision<Release, never> {
  return become(
    release,
    { state: "released", reason: why, endsAt: null, wishes: [], releasedAt: now },
    { event: "released", why },
  );
}

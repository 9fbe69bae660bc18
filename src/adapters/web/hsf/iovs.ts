/** Intervals of validity: made, attached, taken out, and looked up. */
import type { TagChange } from "../../../core/conditions/change.ts";
import { isFar, spanFromWire, spanToWire, untilTheNext } from "../../../core/conditions/hsf-wire.ts";
import { compareEnds, type Iov, type Span } from "../../../core/conditions/iov.ts";
import { BEGINNING, compareMoments, type Moment } from "../../../core/conditions/moment.ts";
import type { GlobalTag } from "../../../core/conditions/tag.ts";
import { type Answer, answered, bodyOf, NOT_FOUND, notHere, refusalOf, refused, wrongField } from "./answer.ts";
import { iovAttached, manyIovs, type NewIov, newIov, question } from "./bodies.ts";
import { change, type FoundList, type HsfContext, listNamed, refOf, tagNamed } from "./context.ts";
import type { LooseIov, LooseList } from "./loose.ts";
import { iovShape, lookupShape, looseIovShape } from "./shapes.ts";

const MOST_IN_A_LIST = 100_000;

/** What holds at a moment, of every type. An unknown tag has nothing. */
export async function lookup(context: HsfContext, query: unknown): Promise<Answer> {
  const given = bodyOf(question, query);
  if (!given.ok) return given.answer;
  const { gtName: tag } = given.read;
  // Two answers there are, and no more are remembered, whatever stands there.
  const shape = given.read.shape === "dict" ? "dict" : "";
  const [major, minor] = [given.read.majorIOV, given.read.minorIOV].map(Number) as [number, number];
  if (major < 0 || minor < 0) return answered([]);
  const moment = { major: atMost(major), minor: atMost(minor) };
  const version = context.countsChanges() ? (await tagNamed(context, tag))?.version : undefined;
  if (version === undefined) return answered((await rowsAt(context, tag, moment, shape)).rows);
  const known = context.remembered.find({ tag, shape, version }, moment);
  if (known !== undefined) return { status: 200, body: undefined, text: known };
  const { rows, iovs } = await rowsAt(context, tag, moment, shape);
  const text = JSON.stringify(rows);
  // Where a type does not hold yet nobody knows when it begins.
  const all = iovs.length > 0 && iovs.length === (await context.conditions.counts(refOf(tag))).size;
  if (all) context.remembered.keep({ tag, shape, version }, iovs, text);
  return { status: 200, body: undefined, text };
}

async function rowsAt({ conditions, payloads }: HsfContext, tag: string, moment: Moment, shape: string) {
  const iovs = await conditions.lookup(refOf(tag), moment);
  const shown = await payloads.ofAll(iovs.map(({ payload }) => payload));
  const rows = iovs.flatMap((iov) => {
    const payload = shown.get(iov.payload);
    if (!payload) return [];
    const row = lookupShape(iov, payload);
    return [shape === "dict" ? row : Object.values(row)];
  });
  return { iovs, rows };
}

function atMost(number: number): number {
  return isFar(number) ? Number.MAX_SAFE_INTEGER : number;
}

export async function makeIov(context: HsfContext, body: unknown): Promise<Answer> {
  const given = bodyOf(newIov, body);
  if (!given.ok) return given.answer;
  const wire = given.read;
  const span = spanFromWire(wire);
  if (!span) return refused(backwards(wire));
  const { payload_url: url, checksum } = wire;
  return answered(looseIovShape(context.loose.makeIov({ ...span, url, checksum }), null));
}

function backwards(wire: NewIov): string {
  const places = (["major_iov", "major_iov_end", "minor_iov", "minor_iov_end"] as const).map(
    (key) => `${key}: ${wire[key]}`,
  );
  return `${wire.payload_url} PayloadIOV ending IOVs should be greater or equal than starting. Provided end IOVs: ${places.join(" ")}`;
}

export function iovNumbered({ loose }: HsfContext, number: number): Answer {
  const iov = loose.iov(number);
  return iov ? answered(looseIovShape(iov, null)) : NOT_FOUND;
}

export function allIovs(): Answer {
  return notHere(
    "All PayloadIOVs of all tags are too many for one answer; ask globalTag/NAME or payloadiovs/ instead.",
  );
}

export async function attachIov(context: HsfContext, body: unknown): Promise<Answer> {
  const given = bodyOf(iovAttached, body);
  if (!given.ok) return given.answer;
  const { payload_list: name, piov_id: id } = given.read;
  const list = await listNamed(context, name);
  if (!list) return refused("PayloadList not found.");
  const iov = context.loose.iov(id);
  if (!iov) return refused("PayloadIOV not found.");
  if (list.kind === "loose") return intoLoose(context, list.list, [iov]) ?? answered(looseIovShape(iov, name));
  const { tag, type } = list;
  const payload = await context.payloads.meant(iov);
  const put: Iov = { type, payload, from: iov.from, until: iov.until };
  const changed = await change(context, tag.name, changeWith(tag, [put]));
  if (!changed.ok)
    return changed.reason === "used" || changed.reason === "gap"
      ? locked(put, changed.detail)
      : refusalOf(changed, tag.name);
  return answered({ ...iovShape(changed.tag, put, await context.payloads.of(payload)), id, payload_list: name });
}

/** A locked tag of the reference only grows, as a running one does. */
function changeWith({ state }: GlobalTag, iovs: readonly Iov[]): TagChange {
  return { kind: state === "RUNNING" ? "append" : "put", iovs };
}

function locked(iov: Iov, why: string): Answer {
  const places = Object.values(spanToWire(iov)).map((place) => JSON.stringify(place));
  return refused(
    `GT is LOCKED. You are attempting to insert IOV (major_iov,minor_iov,major_iov_end, minor_iov_end) (${places.join(",")}). Conflicts: ${why}`,
  );
}

function intoLoose({ loose }: HsfContext, list: LooseList, iovs: readonly LooseIov[]): Answer | undefined {
  if (list.iovs.length + iovs.length > MOST_IN_A_LIST)
    return refused(`PayloadList ${list.name} is full; attach it to a Global Tag first.`, 413);
  loose.change(list, { iovs: [...list.iovs, ...iovs] });
  return undefined;
}

/** Into one tag, whole or not at all. Each holds until the next one begins, which is how the reference looks them up. */
export async function attachMany(context: HsfContext, body: unknown): Promise<Answer> {
  const given = bodyOf(manyIovs, body);
  if (!given.ok) return given.answer;
  const lists = new Map<string, Extract<FoundList, { kind: "attached" }>>();
  for (const name of new Set(given.read.map((one) => one.payload_list))) {
    const found = await listNamed(context, name);
    if (!found) return refused("PayloadList not found.");
    if (found.kind === "loose")
      return refused(`PayloadList ${name} is not attached to a Global Tag yet; attach it first.`);
    lists.set(name, found);
  }
  const tags = new Set([...lists.values()].map(({ tag }) => tag.name));
  if (tags.size > 1) return notHere(`These are lists of ${tags.size} Global Tags; send those of one tag at a time.`);
  const [tag] = [...lists.values()].map((one) => one.tag);
  if (!tag) return answered("");
  const iovs: Iov[] = [];
  for (const [
    index,
    { payload_list, payload_url: url, checksum, major_iov: major, minor_iov: minor },
  ] of given.read.entries()) {
    if (isFar(major) || isFar(minor)) return wrongField(`${index}.major_iov`, "This is no beginning.");
    const type = lists.get(payload_list)?.type ?? "";
    iovs.push({
      type,
      payload: await context.payloads.meant({ url, checksum }),
      from: { major, minor },
      until: null,
    });
  }
  const whole: Iov[] = [];
  for (const [type, some] of Map.groupBy(iovs, (iov) => iov.type)) {
    const from = some
      .map((iov) => iov.from)
      .reduce((a, b) => (compareMoments(a, b) <= 0 ? a : b), some[0]?.from ?? BEGINNING);
    const there = await context.conditions.iovs(refOf(tag.name), { type, span: { from, until: null } });
    whole.push(...untilTheNext(some, there));
  }
  const changed = await change(context, tag.name, changeWith(tag, whole));
  return changed.ok ? answered("") : refusalOf(changed, tag.name);
}

/** The one with just this beginning and end. */
export async function deleteIov(
  context: HsfContext,
  tagName: string,
  type: string,
  span: Span | undefined,
): Promise<Answer> {
  const tag = await tagNamed(context, tagName);
  const found =
    tag && span && (await context.conditions.iovs(refOf(tagName), { type, span })).find((iov) => isSame(iov, span));
  if (!tag || !span || !found) return refused("PayloadIOV with given parameters doesn't exist");
  const changed = await change(context, tagName, { kind: "remove", type, span });
  if (!changed.ok) return refusalOf(changed, tagName);
  return answered({ detail: `PayloadIOV ${(await context.payloads.of(found.payload)).url} deleted.` });
}

function isSame(a: Span, b: Span): boolean {
  return compareMoments(a.from, b.from) === 0 && compareEnds(a.until, b.until) === 0;
}

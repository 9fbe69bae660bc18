/** Global tags, their statuses, copies of them. */
import { STATUSES, stateOfStatus } from "../../../core/conditions/hsf-wire.ts";
import type { Iov } from "../../../core/conditions/iov.ts";
import type { GlobalTag } from "../../../core/conditions/tag.ts";
import { type Answer, answered, bodyOf, NO_TAG, NOT_FOUND, notHere, refusalOf, refused, taken } from "./answer.ts";
import { named, newTag } from "./bodies.ts";
import { allTags, change, type HsfContext, listsOf, refOf, tagNamed } from "./context.ts";
import {
  iovShape,
  listName,
  listShape,
  numberOfTag,
  statusShape,
  tagInList,
  tagShape,
  tagWithLists,
} from "./shapes.ts";

/** One answer has no more intervals than this: what the reference would send is hundreds of megabytes then. */
const MOST_IOVS = 100_000;

export async function tagList(context: HsfContext): Promise<Answer> {
  const tags = await allTags(context);
  const shown = [];
  for (const tag of tags) shown.push(tagInList(tag, await listsOf(context, tag)));
  return answered(shown);
}

export async function tagsWithLists(context: HsfContext): Promise<Answer> {
  const shown: unknown[] = [];
  let iovs = 0;
  for (const tag of await allTags(context)) {
    iovs += sizeOf(await listsOf(context, tag));
    if (iovs > MOST_IOVS) return tooMany("globalTags");
    shown.push(tagWithLists(tag, await wholeLists(context, tag)));
  }
  return answered(shown);
}

export async function oneTag(context: HsfContext, name: string): Promise<Answer> {
  const tag = await tagNamed(context, name);
  if (!tag) return refused("No GlobalTag matches the given query.", 404);
  return await whole(context, tag);
}

export async function tagNumbered(context: HsfContext, number: number): Promise<Answer> {
  const tag = (await allTags(context)).find((one) => numberOfTag(one) === number);
  return tag ? await whole(context, tag) : NOT_FOUND;
}

async function whole(context: HsfContext, tag: GlobalTag): Promise<Answer> {
  if (sizeOf(await listsOf(context, tag)) > MOST_IOVS) return tooMany(`payloadiovs/?gtName=${tag.name}`);
  return answered(tagWithLists(tag, await wholeLists(context, tag)));
}

export async function listNames(context: HsfContext, name: string): Promise<Answer> {
  const tag = await tagNamed(context, name);
  if (!tag) return answered({});
  const types = [...(await listsOf(context, tag)).keys()];
  return answered(Object.fromEntries(types.map((type) => [type, listName(name, type)])));
}

/** Payload lists with all that is in them. */
export async function wholeLists(context: HsfContext, tag: GlobalTag): Promise<unknown[]> {
  const byType = Map.groupBy(await context.conditions.iovs(refOf(tag.name)), ({ type }) => type);
  const types = [...(await listsOf(context, tag)).keys()];
  const lists = [];
  for (const type of types)
    lists.push({ ...listShape(tag, type), payload_iov: await shown(context, tag, byType.get(type) ?? []) });
  return lists;
}

async function shown({ payloads }: HsfContext, tag: GlobalTag, iovs: readonly Iov[]): Promise<unknown[]> {
  const known = await payloads.ofAll(iovs.map(({ payload }) => payload));
  return iovs.flatMap((iov) => {
    const payload = known.get(iov.payload);
    return payload ? [iovShape(tag, iov, payload)] : [];
  });
}

export function sizeOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, one) => sum + one, 0);
}

export function tooMany(instead: string): Answer {
  return refused(`There are more than ${MOST_IOVS} PayloadIOVs in it; ask ${instead} instead.`, 413);
}

export async function makeTag(context: HsfContext, body: unknown): Promise<Answer> {
  const given = bodyOf(newTag, body);
  if (!given.ok) return given.answer;
  const { name, status, author } = given.read;
  const state = status === undefined ? undefined : stateOfStatus(status);
  if (status === undefined || state === undefined) return refused("GlobalTagStatus not found.");
  if (state !== "OPEN")
    return refused(`A new Global Tag is unlocked; make it, fill it, and change it to ${status} then.`);
  const description = author ? `made through the HSF interface by ${author}` : "";
  const made = await change(context, name, { kind: "create", description, upstream: null });
  if (!made.ok) return refusalOf(made, name);
  return answered({ ...tagShape(made.tag), author: author ?? null, status });
}

export async function cloneTag(context: HsfContext, of: string, name: string): Promise<Answer> {
  const wanted = bodyOf(named, { name });
  if (!wanted.ok) return wanted.answer;
  const made = await change(context, name, { kind: "clone", of: refOf(of), description: `a copy of ${of}` });
  return made.ok ? answered(tagInList(made.tag, await listsOf(context, made.tag))) : refusalOf(made, name);
}

export async function changeStatus(context: HsfContext, name: string, status: string): Promise<Answer> {
  const tag = await tagNamed(context, name);
  if (!tag) return NO_TAG;
  const to = stateOfStatus(status);
  if (to === undefined) return refused("GlobalTag Status not found.");
  if (tag.state === to) return answered(tagShape(tag));
  const changed = await change(context, name, { kind: "state", to });
  return changed.ok ? answered(tagShape(changed.tag)) : refusalOf(changed, name);
}

export async function deleteTag(context: HsfContext, name: string): Promise<Answer> {
  if (!(await tagNamed(context, name))) return refused(`GlobalTag ${name} doesn't exist`);
  return notHere("Global Tags are kept here, with their history; empty it, or make it INVALID, with the command gt.");
}

export function statuses(): Answer {
  return answered(STATUSES.map(statusShape));
}

/** Those that there are say all that a tag of calops can be. */
export function makeStatus(body: unknown): Answer {
  const given = bodyOf(named, body);
  if (!given.ok) return given.answer;
  return stateOfStatus(given.read.name) === undefined
    ? refused(`GlobalTagStatus creation failed. There are ${STATUSES.join(", ")} here, and no others.`)
    : taken("global tag status");
}

/** Payload types, and payload lists: what a tag holds of one type. */
import type { Iov } from "../../../core/conditions/iov.ts";
import type { GlobalTag } from "../../../core/conditions/tag.ts";
import { type Answer, answered, bodyOf, NO_TAG, NOT_FOUND, notHere, refusalOf, refused, taken } from "./answer.ts";
import { listAttached, named, newList } from "./bodies.ts";
import { allTags, allTypes, change, type HsfContext, listNamed, listsOf, tagNamed } from "./context.ts";
import type { LooseList } from "./loose.ts";
import { listShape, looseListShape, numberOf, typeShape } from "./shapes.ts";
import { sizeOf, tooMany, wholeLists } from "./tags.ts";

const MOST_IOVS = 100_000;

export async function types(context: HsfContext): Promise<Answer> {
  return answered((await allTypes(context)).map(typeShape));
}

/** A type is there once something is of it; until then, for an hour. Those that are to stay are declared in git. */
export async function makeType(context: HsfContext, body: unknown): Promise<Answer> {
  const given = bodyOf(named, body);
  if (!given.ok) return given.answer;
  const { name } = given.read;
  if ((await allTypes(context)).includes(name)) return taken("payload type");
  context.loose.makeType(name);
  return answered(typeShape(name));
}

export async function deleteType(context: HsfContext, name: string): Promise<Answer> {
  if (!(await allTypes(context)).includes(name)) return refused(`PayloadType ${name} doesn't exist`);
  let lists = context.loose.lists().filter((list) => list.type === name && list.tag === null).length;
  for (const tag of await allTags(context)) if ((await listsOf(context, tag)).has(name)) lists++;
  if (lists > 0) return refused(`PayloadType is used by ${lists} PayloadLists`);
  return context.loose.removeType(name)
    ? answered({ detail: `Payload Type ${name} deleted.` })
    : notHere(`Payload Type ${name} is declared in git, or payloads of it are kept; it stays.`);
}

export async function lists(context: HsfContext): Promise<Answer> {
  const all: unknown[] = context.loose
    .lists()
    .filter(({ tag }) => tag === null)
    .map((list) => ({ ...looseListShape(list), payload_iov: [] }));
  let iovs = 0;
  for (const tag of await allTags(context)) {
    iovs += sizeOf(await listsOf(context, tag));
    if (iovs > MOST_IOVS) return tooMany("gtPayloadLists/TAG");
    all.push(...(await wholeLists(context, tag)));
  }
  return answered(all);
}

export async function listNumbered(context: HsfContext, number: number): Promise<Answer> {
  const loose = context.loose.lists().find(({ id }) => id === number);
  if (loose) return answered(looseListShape(loose));
  for (const tag of await allTags(context)) {
    const type = [...(await listsOf(context, tag)).keys()].find((one) => numberOf("list", tag.name, one) === number);
    if (type !== undefined) return answered(listShape(tag, type));
  }
  return NOT_FOUND;
}

export async function listByName(context: HsfContext, name: string): Promise<Answer> {
  const found = await listNamed(context, name);
  if (!found) return NOT_FOUND;
  return answered(found.kind === "loose" ? looseListShape(found.list) : listShape(found.tag, found.type));
}

export async function makeList(context: HsfContext, body: unknown): Promise<Answer> {
  const given = bodyOf(newList, body);
  if (!given.ok) return given.answer;
  const type = given.read.payload_type;
  if (!(await allTypes(context)).includes(type)) return refused("PayloadType not found.");
  return answered(looseListShape(context.loose.makeList(type)));
}

export async function deleteList(context: HsfContext, name: string): Promise<Answer> {
  const found = await listNamed(context, name);
  if (!found) return refused(`PayloadList ${name} doesn't exist`);
  const iovs =
    found.kind === "loose" ? found.list.iovs.length : ((await listsOf(context, found.tag)).get(found.type) ?? 0);
  if (iovs > 0) return refused(`PayloadList contains ${iovs} PayloadIOVs`);
  context.loose.removeList(name);
  return answered({ detail: `Payload List ${name} deleted.` });
}

/** From here on its name stands for what the tag holds of its type. */
export async function attachList(context: HsfContext, body: unknown): Promise<Answer> {
  const given = bodyOf(listAttached, body);
  if (!given.ok) return given.answer;
  const found = await listNamed(context, given.read.payload_list);
  if (!found) return refused("PayloadList not found.");
  const tag = await tagNamed(context, given.read.global_tag);
  if (!tag) return NO_TAG;
  if (found.kind === "attached")
    return found.tag.name === tag.name
      ? answered(listShape(tag, found.type))
      : notHere(
          `Payload List ${given.read.payload_list} belongs to Global Tag ${found.tag.name}, and stays there; clone the tag.`,
        );
  return await attach(context, tag, found.list);
}

async function attach(context: HsfContext, tag: GlobalTag, list: LooseList): Promise<Answer> {
  const { type } = list;
  if (tag.state !== "OPEN" && tag.state !== "RUNNING") return refused(`Global Tag is ${tag.state}.`);
  if ((await listsOf(context, tag)).get(type)) {
    return tag.state === "RUNNING"
      ? refused(`Payload List of type ${type} already attached and Global Tag is locked.`)
      : notHere(`Global Tag ${tag.name} holds payloads of type ${type} already; attach PayloadIOVs to that list.`);
  }
  if (list.iovs.length > 0) {
    const iovs: Iov[] = [];
    for (const { url, checksum, from, until } of list.iovs)
      iovs.push({ type, payload: await context.payloads.meant({ url, checksum }), from, until });
    const kind = tag.state === "RUNNING" ? "append" : "put";
    const changed = await change(context, tag.name, { kind, iovs });
    if (!changed.ok) return refusalOf(changed, tag.name);
  }
  return answered(looseListShape(context.loose.change(list, { tag: tag.name, iovs: [] })));
}

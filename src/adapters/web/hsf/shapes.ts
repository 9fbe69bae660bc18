/** The JSON of nopayloaddb. Its numbers of things are made from their names here, so that they are the same every time. */
import { createHash } from "node:crypto";
import { STATUSES, spanToWire, statusOf } from "../../../core/conditions/hsf-wire.ts";
import type { Iov, Span } from "../../../core/conditions/iov.ts";
import type { GlobalTag } from "../../../core/conditions/tag.ts";
import type { Instant } from "../../../core/time.ts";
import type { LooseIov, LooseList } from "./loose.ts";
import type { ShownPayload } from "./payloads.ts";

/** 48 bits of a hash: exact in every language, and two that are alike are not to be expected. */
export function numberOf(...names: readonly (string | number)[]): number {
  return createHash("sha256").update(JSON.stringify(names)).digest().readUIntBE(0, 6);
}

export function numberOfTag({ name }: Pick<GlobalTag, "name">): number {
  return numberOf("tag", name);
}

/** What a tag holds of one type is a list; its name says which, since its number is made of both. */
export function listName(tag: string, type: string): string {
  return `${type}_${numberOf("list", tag, type)}`;
}

const at = (instant: Instant) => new Date(instant).toISOString();

function statusNumber(status: string): number {
  return STATUSES.indexOf(status) + 1;
}

export function statusShape(status: string) {
  return { id: statusNumber(status), name: status, created: at(0) };
}

export function typeShape(name: string) {
  return { id: numberOf("type", name), name, created: at(0) };
}

/** As it is after it was made or got another status: with the number of its status, as there. */
export function tagShape(tag: GlobalTag) {
  return {
    id: numberOfTag(tag),
    name: tag.name,
    author: null as string | null,
    status: statusNumber(statusOf(tag.state)) as number | string,
    created: at(tag.createdAt),
    updated: at(tag.modifiedAt),
  };
}

export function tagInList(tag: GlobalTag, counts: ReadonlyMap<string, number>) {
  return {
    ...tagShape(tag),
    status: statusOf(tag.state),
    payload_lists_count: counts.size,
    payload_iov_count: [...counts.values()].reduce((sum, one) => sum + one, 0),
  };
}

export function tagWithLists(tag: GlobalTag, lists: readonly unknown[]) {
  const status = statusOf(tag.state);
  return { ...tagShape(tag), status: { ...statusShape(status), description: null }, payload_lists: lists };
}

export function listShape(tag: GlobalTag, type: string) {
  const id = numberOf("list", tag.name, type);
  return { id, name: listName(tag.name, type), global_tag: tag.name, payload_type: type, created: at(tag.createdAt) };
}

export function looseListShape({ id, name, tag, type, madeAt }: LooseList) {
  return { id, name, global_tag: tag, payload_type: type, created: at(madeAt) };
}

export function iovShape(tag: GlobalTag, iov: Iov, payload: ShownPayload) {
  const { from, type } = iov;
  return {
    ...wholeIov(numberOf("iov", tag.name, type, from.major, from.minor), payload, iov),
    payload_list: listName(tag.name, type),
    inserted: at(tag.modifiedAt),
  };
}

export function looseIovShape(iov: LooseIov, list: string | null) {
  return { ...wholeIov(iov.id, iov, iov), payload_list: list, inserted: at(iov.madeAt) };
}

function wholeIov(id: number, { url, checksum }: Pick<ShownPayload, "url" | "checksum">, span: Span) {
  const { major, minor } = span.from;
  return {
    id,
    payload_url: url,
    checksum,
    ...spanToWire(span),
    comb_iov: `${major}.${String(minor).padStart(19, "0")}`,
  };
}

/** One line of what holds at a moment. Nothing here has a revision, and sizes are told with the bytes. */
export function lookupShape(iov: Iov, payload: ShownPayload) {
  const { url, checksum } = payload;
  return {
    payload_type_name: iov.type,
    payload_url: url,
    checksum,
    size: null,
    ...spanToWire(iov),
    revision: null,
  };
}

/** What a nopayloaddb answers, old ones and new ones, as conditions. docs/hsf.md tells where it was read. */
import { z } from "zod";
import { type Contents, contentsOf } from "../../../core/conditions/contents.ts";
import { spanFromWire, stateOfStatus, type WireSpan } from "../../../core/conditions/hsf-wire.ts";
import { inOrder } from "../../../core/conditions/intervals.ts";
import { compareEnds, type Iov, isEmpty, type Span } from "../../../core/conditions/iov.ts";
import type { TagState } from "../../../core/conditions/tag.ts";
import type { ServerTag } from "../server.ts";

const place = z.number().refine(Number.isInteger).min(0);
const places = { major_iov: place, minor_iov: place, major_iov_end: place, minor_iov_end: place };
const status = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const named = z.object({ name: z.string() });

const listedTag = z.object({ name: z.string(), status, created: z.string(), updated: z.string() });

const wholeTag = listedTag.extend({
  payload_lists: z.array(
    z.object({
      name: z.string(),
      payload_type: z.string(),
      payload_iov: z.array(z.object({ payload_url: z.string(), checksum: z.string().nullish(), ...places })),
    }),
  ),
});

/** `[type, url, checksum, size?, major, minor, major end, minor end, revision?]` */
const row = z.union([
  z
    .tuple([z.string(), z.string(), z.string(), place, place, place, place])
    .transform((of) => rowOf(of[0], of[1], of[2], undefined, [of[3], of[4], of[5], of[6]])),
  z
    .tuple([z.string(), z.string(), z.string(), place.nullable(), place, place, place, place], z.unknown())
    .transform((of) => rowOf(of[0], of[1], of[2], of[3] ?? undefined, [of[4], of[5], of[6], of[7]])),
  z
    .object({
      payload_type_name: z.string(),
      payload_url: z.string(),
      checksum: z.string(),
      size: place.nullish(),
      ...places,
    })
    .transform(({ payload_type_name: type, payload_url: url, checksum, size, ...wire }) => ({
      type,
      url,
      checksum,
      bytes: size ?? undefined,
      wire,
    })),
]);

type Row = {
  readonly type: string;
  readonly url: string;
  readonly checksum: string;
  readonly bytes: number | undefined;
  readonly wire: WireSpan;
};

function rowOf(
  type: string,
  url: string,
  checksum: string,
  bytes: number | undefined,
  of: [number, number, number, number],
): Row {
  const [major_iov, minor_iov, major_iov_end, minor_iov_end] = of;
  return { type, url, checksum, bytes, wire: { major_iov, minor_iov, major_iov_end, minor_iov_end } };
}

export const readTags = z.array(listedTag).transform((tags) => tags.map(tagOf));
export const readNames = z.array(named).transform((all) => all.map(({ name }) => name));
export const readName = named.transform(({ name }) => name);
export const readNumber = z.object({ id: z.number() }).transform(({ id }) => id);
export const readAnything = z.unknown();
export const readRows = z.array(row);
export const readDetail = z.union([
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
  // Wrong fields, each with its complaints.
  z.record(z.string(), z.array(z.string())).transform((fields) =>
    Object.entries(fields)
      .map(([field, complaints]) => `${field}: ${complaints.join(" ")}`)
      .join("; "),
  ),
]);

export type WholeTag = {
  readonly tag: ServerTag;
  readonly contents: Contents;
  /** The name of the list that has a type. */
  readonly lists: Map<string, string>;
  /** Where each interval really ends there. */
  readonly wires: ReadonlyMap<Iov, WireSpan>;
};

/** @param known gives the hash of a payload as the server calls it */
export function wholeTagOf(
  body: unknown,
  known: (payload: Pick<Row, "type" | "url" | "checksum">) => string,
): WholeTag {
  const read = wholeTag.parse(body);
  const wires = new Map<Iov, WireSpan>();
  const iovs: Iov[] = [];
  for (const { payload_type: type, payload_iov } of read.payload_lists) {
    const all = payload_iov.flatMap(({ payload_url: url, checksum, ...wire }) => {
      const span = spanFromWire(wire);
      return span ? [{ span, wire, payload: known({ type, url, checksum: checksum ?? "" }) }] : [];
    });
    for (const { span, wire, payload } of lastBegunHolds(all)) {
      const iov = { type, ...span, payload };
      wires.set(iov, wire);
      iovs.push(iov);
    }
  }
  const lists = new Map(read.payload_lists.map(({ payload_type, name }) => [payload_type, name]));
  return { tag: tagOf(read), contents: contentsOf(iovs), lists, wires };
}

/** Where some overlap, as those do that were made without an end, the server looks up what began last. */
function lastBegunHolds<Entry extends { readonly span: Span }>(all: readonly Entry[]): Entry[] {
  const byBeginning = new Map(all.map((one) => [`${one.span.from.major} ${one.span.from.minor}`, one]));
  const order = new Map([...byBeginning.values()].map((one) => [one.span.from, one]));
  const ordered = inOrder([...byBeginning.values()].map(({ span }) => ({ ...span, type: "", payload: "" })));
  return ordered.flatMap((span, index) => {
    const one = order.get(span.from);
    const next = ordered[index + 1]?.from ?? null;
    const until = compareEnds(span.until, next) < 0 ? span.until : next;
    return one && !isEmpty({ from: span.from, until }) ? [{ ...one, span: { from: span.from, until } }] : [];
  });
}

function tagOf({ name, status: word, created, updated }: z.output<typeof listedTag>): ServerTag {
  return { name, state: stateOf(word), createdAt: instantOf(created), modifiedAt: instantOf(updated), description: "" };
}

/** Servers may have statuses of their own. What one allows is unknown then: it may be read, and nothing is changed. */
function stateOf(word: string): TagState {
  return stateOfStatus(word) ?? "TESTING";
}

/** Without a zone it is UTC there. */
function instantOf(text: string): number {
  return Date.parse(/[Zz]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`) || 0;
}

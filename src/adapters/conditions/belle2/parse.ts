/** What the conditions server of Belle II answers. docs/hsf.md tells where it was read. */
import { z } from "zod";
import { type BelleSpan, spanFromBelle } from "../../../core/conditions/belle2-wire.ts";
import { type Contents, contentsOf } from "../../../core/conditions/contents.ts";
import { overlapIn, withThese } from "../../../core/conditions/intervals.ts";
import type { Iov } from "../../../core/conditions/iov.ts";
import { TAG_STATES, type TagState } from "../../../core/conditions/tag.ts";
import type { ServerTag } from "../server.ts";

const named = z.object({ name: z.string() });

const tagInfo = z.looseObject({
  globalTagId: z.int(),
  name: z.string(),
  description: z.string().nullish(),
  globalTagStatus: named,
  dtmIns: z.string(),
  dtmMod: z.string(),
});
export type TagInfo = z.output<typeof tagInfo>;

const payloadInfo = z.object({
  payloadId: z.int(),
  basf2Module: named,
  checksum: z.string(),
  revision: z.int(),
  payloadUrl: z.string(),
  baseUrl: z.string().nullish(),
});
export type PayloadInfo = z.output<typeof payloadInfo>;

const payloadIov = z.object({
  payloadIovId: z.int(),
  expStart: z.int(),
  runStart: z.int(),
  expEnd: z.int(),
  runEnd: z.int(),
});

export const readTag = tagInfo;
export const readTags = z.array(tagInfo);
export const readPayloads = z.array(payloadInfo);
export const readPayloadId = z.object({ payloadId: z.int() }).transform(({ payloadId }) => payloadId);
export const readIovId = z.object({ payloadIovId: z.int() });
export const readAnything = z.unknown();
export const readTagPayloads = z.array(z.object({ payloadId: payloadInfo, payloadIovs: z.array(payloadIov) }));
export const readIovPayloads = z.array(z.object({ payload: payloadInfo, payloadIov }));
export const readError = z
  .object({ reason: z.string().nullish(), message: z.string().nullish() })
  .transform(({ reason, message }) => [reason, message].filter(Boolean).join(": "));

export function tagOf({ name, description, globalTagStatus, dtmIns, dtmMod }: TagInfo): ServerTag {
  return {
    name,
    state: stateOf(globalTagStatus.name),
    description: description ?? "",
    createdAt: Date.parse(dtmIns) || 0,
    modifiedAt: Date.parse(dtmMod) || 0,
  };
}

/** Any other may be read, and nothing is changed. */
function stateOf(status: string): TagState {
  return TAG_STATES.find((state) => state === status) ?? "TESTING";
}

/** An interval as it lies there. */
export type Laid = { readonly iov: Iov; readonly iovId: number; readonly revision: number };

export function laidOf(payload: PayloadInfo, iov: BelleSpan & { readonly payloadIovId: number }, hash: string): Laid[] {
  const span = spanFromBelle(iov);
  if (!span) return [];
  const type = payload.basf2Module.name;
  return [{ iov: { type, ...span, payload: hash }, iovId: iov.payloadIovId, revision: payload.revision }];
}

/** Where several of one type hold, that with the highest revision does. */
export function contentsOfLaid(all: readonly Laid[]): Contents {
  const lists = [...Map.groupBy(all, ({ iov }) => iov.type).values()].map((laid) => {
    const iovs = laid.toSorted((a, b) => a.revision - b.revision || a.iovId - b.iovId).map(({ iov }) => iov);
    if (!overlapIn(iovs)) return iovs;
    return iovs.reduce<readonly Iov[]>((list, iov) => withThese(list, [iov]), []);
  });
  return contentsOf(lists.flat());
}

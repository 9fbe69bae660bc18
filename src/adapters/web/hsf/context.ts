/** What the answers of this interface are made from, and who is meant by a name. It serves the tags of production. */
import { randomUUID } from "node:crypto";
import type { TagChange, TagChanged } from "../../../core/conditions/change.ts";
import { ELSEWHERE } from "../../../core/conditions/elsewhere.ts";
import type { GlobalTag, TagRef } from "../../../core/conditions/tag.ts";
import { PRODUCTION } from "../../../core/environment/environment.ts";
import type { Conditions } from "../../../ports/conditions.ts";
import type { Loose, LooseList } from "./loose.ts";
import type { Payloads } from "./payloads.ts";
import type { RememberedAnswers } from "./remembered.ts";
import { listName } from "./shapes.ts";

export type HsfContext = {
  readonly conditions: Conditions;
  readonly payloads: Payloads;
  readonly loose: Loose;
  readonly remembered: RememberedAnswers;
  readonly countsChanges: () => boolean;
  /** Types of payloads that git declares, used or not. */
  readonly declaredTypes: () => readonly string[];
  /** Under which address others reach the payloads; null where nobody knows. */
  readonly payloadsUrl: () => string | null;
};

export function refOf(name: string): TagRef {
  return { environment: PRODUCTION, name };
}

export async function tagNamed({ conditions }: HsfContext, name: string): Promise<GlobalTag | undefined> {
  return await conditions.tag(refOf(name));
}

export async function allTags({ conditions }: HsfContext): Promise<readonly GlobalTag[]> {
  return await conditions.tags(PRODUCTION);
}

/** Each request is a change of its own: the reference has nothing by which to know one again. */
export async function change({ conditions }: HsfContext, name: string, what: TagChange): Promise<TagChanged> {
  const why = "asked for through the HSF interface";
  return await conditions.change({ tag: refOf(name), change: what, key: `hsf ${randomUUID()}`, by: "hsf", why });
}

/** Every type that there is, is declared, or was made known in the last hour. */
export async function allTypes({ conditions, declaredTypes, loose }: HsfContext): Promise<readonly string[]> {
  const kept = (await conditions.types()).filter((type) => type !== ELSEWHERE);
  return [...new Set([...kept, ...declaredTypes(), ...loose.types()])].sort();
}

/** The lists of a tag by type, with how many intervals each has; one that was only attached has none. */
export async function listsOf({ conditions, loose }: HsfContext, { name }: GlobalTag): Promise<Map<string, number>> {
  const attached = loose.lists().flatMap(({ tag, type }) => (tag === name ? [[type, 0] as const] : []));
  return new Map([...attached, ...(await conditions.counts(refOf(name)))].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export type FoundList =
  | { readonly kind: "loose"; readonly list: LooseList }
  | { readonly kind: "attached"; readonly tag: GlobalTag; readonly type: string };

export async function listNamed(context: HsfContext, name: string): Promise<FoundList | undefined> {
  const list = context.loose.list(name);
  if (list && list.tag === null) return { kind: "loose", list };
  if (list?.tag) {
    const tag = await tagNamed(context, list.tag);
    return tag && { kind: "attached", tag, type: list.type };
  }
  const type = /^(.+)_\d+$/.exec(name)?.[1];
  if (type === undefined) return undefined;
  const tag = (await allTags(context)).find((one) => listName(one.name, type) === name);
  return tag && { kind: "attached", tag, type };
}

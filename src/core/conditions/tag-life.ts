/** Which changes a tag takes in which state; `tag.ts` tells the story. */
import { type Refused, refuse } from "../decision.ts";
import type { Instant } from "../time.ts";
import type { TagChange } from "./change.ts";
import type { GlobalTag, TagRef, TagState } from "./tag.ts";

const NEXT: Readonly<Record<TagState, readonly TagState[]>> = {
  OPEN: ["TESTING", "RUNNING"],
  TESTING: ["VALIDATED", "OPEN"],
  VALIDATED: ["PUBLISHED", "OPEN"],
  PUBLISHED: ["INVALID"],
  RUNNING: [],
  INVALID: [],
};

/** Undefined where it may be done. */
export function refusedByState({ name, state }: GlobalTag, change: TagChange): Refused<"state"> | undefined {
  switch (change.kind) {
    case "create":
    case "clone":
    case "describe":
      return undefined;
    case "state":
      return NEXT[state].includes(change.to) ? undefined : refuse("state", whyNot(name, state, change.to));
    case "append":
      if (state === "RUNNING") return undefined;
      return refuse("state", `${name} is ${state}; only a RUNNING tag is appended to${otherwise(state)}`);
    case "put":
    case "remove":
    case "merge":
    case "empty":
      if (state === "OPEN") return undefined;
      return refuse("state", `${name} is ${state} and keeps what it has${otherwise(state)}`);
  }
}

/** A tag that was not there before. */
export function newTag(
  { environment, name }: TagRef,
  change: Extract<TagChange, { kind: "create" | "clone" }>,
  now: Instant,
): GlobalTag {
  return {
    environment,
    name,
    state: "OPEN",
    description: change.description,
    upstream: change.kind === "create" ? change.upstream : null,
    createdAt: now,
    modifiedAt: now,
    version: 1,
  };
}

/** The tag after a change that it takes; the same one where nothing about it is another. */
export function tagAfter(tag: GlobalTag, change: TagChange, changesContents: boolean, now: Instant): GlobalTag {
  const next = { ...tag, version: tag.version + 1, modifiedAt: now };
  if (change.kind === "state") return { ...next, state: change.to };
  if (change.kind !== "describe") return changesContents ? next : tag;
  const { description, upstream } = change;
  return description === tag.description && upstream === tag.upstream ? tag : { ...next, description, upstream };
}

function whyNot(name: string, from: TagState, to: TagState): string {
  if (from === to) return `${name} is ${to} already`;
  const next = NEXT[from];
  if (next.length === 0) return `${name} is ${from}, for ever; clone it to go on with its contents`;
  return `${name} is ${from}, and becomes ${next.join(" or ")} next, not ${to}`;
}

/** What to do instead. */
function otherwise(state: TagState): string {
  switch (state) {
    case "OPEN":
      return "; put into it instead";
    case "TESTING":
    case "VALIDATED":
      return "; make it OPEN again first";
    case "RUNNING":
      return "; append to it instead";
    case "PUBLISHED":
    case "INVALID":
      return "; clone it and change the clone";
  }
}

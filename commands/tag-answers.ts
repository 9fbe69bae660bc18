/** What is said of global tags in more than one command. */

import { type Answer, refused } from "../src/core/command/command.ts";
import type { Iov } from "../src/core/conditions/iov.ts";
import type { GlobalTag, TagRef } from "../src/core/conditions/tag.ts";
import { name as nameOfThing } from "../src/core/config/values.ts";
import { say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import { iso } from "../src/core/time.ts";
import type { ReadConditions } from "../src/ports/conditions.ts";
import type { Context } from "./context.ts";

const MOMENT = "{major, minor}";
const IOV = `{type, from: ${MOMENT}, until: ${MOMENT}, payload}`;
export const IOV_FIELDS = IOV;
export const TAG_FIELDS = "{environment, tag, state, description, upstream, version, createdAt, modifiedAt}";
export const CHANGE_FIELDS = `{dryRun, tag: ${TAG_FIELDS}, added: [${IOV}], removed: [${IOV}], cut: [{before: ${IOV}, after: ${IOV}}], unchanged, next: {type: moment}}`;

export function tagJson({ name, createdAt, modifiedAt, ...tag }: GlobalTag): Record<string, unknown> {
  const { environment, state, description, upstream, version } = tag;
  return {
    environment,
    tag: name,
    state,
    description,
    upstream,
    version,
    createdAt: iso(createdAt),
    modifiedAt: iso(modifiedAt),
  };
}

export function iovJson({ type, from, until, payload }: Iov): Record<string, unknown> {
  return { type, from, until, payload };
}

export function refOf(name: string, { environment }: Context): TagRef {
  return { environment, name };
}

/** Tags are told by their names alone in production; a mirror has its own, or sees those of production. */
export async function noSuchTag(name: string, conditions: ReadConditions, { environment }: Context): Promise<Answer> {
  const known = (await conditions.tags(environment)).map((tag) => tag.name);
  return refused([say`There is no global tag ${name}; ${choices(name, known)}. gt list shows them all.`]);
}

/** Names stand in paths and commands; git takes no others either. */
export function notAName(word: string): Answer | undefined {
  return nameOfThing.safeParse(word).success
    ? undefined
    : refused([say`"${word}" is not a name. Write lower-case letters, digits and inner hyphens, at most 40.`]);
}

/** Whether intervals are such as git says that a tag has. */
import type { DeclaredTag } from "./declared.ts";
import { type Iov, spanInWords } from "./iov.ts";
import { isBefore, type Moment, momentInWords } from "./moment.ts";

/**
 * @param first of the first run that the tag is for; undefined where there is none, or its moment is not known
 * @returns a sentence for each kind of mistake; empty where everything fits
 */
export function misfits(tag: DeclaredTag, iovs: readonly Iov[], first: Moment | undefined): string[] {
  const where = `tags/${tag.name}.yaml`;
  const unknown = [...new Set(iovs.map(({ type }) => type))].filter((type) => !Object.hasOwn(tag.types, type));
  const known = iovs.filter(({ type }) => !unknown.includes(type));
  const early = first && known.find(({ from }) => isBefore(from, first));
  const open = known.find(({ type, until }) => until === null && tag.types[type]?.oneRun);
  return [
    ...unknown.map((type) => `${where} has no payload type ${type}`),
    ...(early && first
      ? [`${early.type} ${spanInWords(early)} begins before ${momentInWords(first)}, the first run of ${where}`]
      : []),
    ...(open ? [`${open.type} ${spanInWords(open)} has no end, and ${where} says that it holds for one run only`] : []),
  ];
}

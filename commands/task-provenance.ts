/** What an attempt of a task was made with, what of it went into a global tag, and who signed it. */
import { shortHash, someOf } from "../src/core/conditions/tag-words.ts";
import { type Block, say } from "../src/core/say.ts";
import type { Queries } from "../src/ports/queries.ts";

export type Provenance = {
  readonly attempt: number;
  readonly constants: readonly {
    readonly tag: string;
    readonly type: string;
    readonly payload: string;
    /** What holds now instead, in people's words; null where it still holds. */
    readonly changed: string | null;
  }[];
  /** Null where it publishes nothing. */
  readonly published: {
    readonly tag: string;
    readonly state: string;
    readonly payloads: readonly { readonly type: string; readonly payload: string }[];
  } | null;
  /** Of the newest attempt that was to be signed; null for others. */
  readonly signoff: { readonly state: string; readonly by: readonly string[] } | null;
};

export const PROVENANCE_FIELDS =
  "constants: [{tag, type, payload, changed}], published: {tag, state, payloads: [{type, payload}]}, signoff: {state, by: [person]}";

export async function provenanceOf(taskId: number, attempt: number, queries: Queries): Promise<Provenance> {
  const used = await queries.constantsUsed(taskId, attempt);
  const publication = (await queries.publications(taskId)).find((one) => one.attempt === attempt);
  const signoff = await queries.lastSignoffOf(taskId);
  return {
    attempt,
    constants: used.map(({ tag, type, payload, changed }) => ({ tag, type, payload, changed })),
    published: publication
      ? {
          tag: publication.tag,
          state: publication.state,
          payloads: publication.iovs.map(({ type, payload }) => ({ type, payload })),
        }
      : null,
    signoff:
      signoff?.attempt === attempt
        ? { state: signoff.state, by: [...new Set(signoff.votes.map(({ by }) => by))] }
        : null,
  };
}

/** Nothing where nothing of it is known. */
export function provenanceInWords(attempts: readonly Provenance[]): Block[] {
  const of = ({ attempt }: Provenance) => (attempts.length > 1 ? `attempt ${attempt}: ` : "");
  const constants = attempts.flatMap((one) =>
    one.constants.map(
      ({ tag, type, payload, changed }) =>
        `${of(one)}${type} of ${tag}: ${shortHash(payload)}${changed === null ? "" : ` (${changed})`}`,
    ),
  );
  const published = attempts.flatMap((one) => {
    if (!one.published) return [];
    const { tag, state, payloads } = one.published;
    const what = payloads.map(({ type, payload }) => `${type} ${shortHash(payload)}`).join(", ");
    return [`${of(one)}${state} in ${tag}: ${what === "" ? "nothing, as the result says" : what}`];
  });
  const signed = attempts.flatMap((one) =>
    one.signoff
      ? [`${of(one)}${one.signoff.state}${one.signoff.by.length === 0 ? "" : ` by ${one.signoff.by.join(", ")}`}`]
      : [],
  );
  return [...told("Made with:", constants), ...told("Constants:", published), ...told("Sign-off:", signed)];
}

function told(title: string, lines: readonly string[]): Block[] {
  return lines.length === 0 ? [] : [say`${title}`, ...someOf(lines)];
}

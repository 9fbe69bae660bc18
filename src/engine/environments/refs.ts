/** What a person means by a word: a tag, a branch, or a commit by its id. */
import type { Commit, ConfigRepository, Refs } from "../../ports/config-repository.ts";

export type Meant =
  | { readonly kind: "found"; readonly commit: Commit; readonly ref: string | null }
  | { readonly kind: "unknown" }
  /** A tag and a branch of one name that lead to different commits. */
  | { readonly kind: "ambiguous"; readonly names: readonly string[] };

export async function meantBy(word: string, repository: ConfigRepository, refs: Refs | undefined): Promise<Meant> {
  const named = [...(refs?.tags ?? []), ...(refs?.branches ?? [])].filter(
    ({ name }) => name === word || name === `refs/tags/${word}` || name === `refs/heads/${word}`,
  );
  const [first] = named;
  if (first) {
    if (named.some((ref) => ref.commit !== first.commit))
      return { kind: "ambiguous", names: named.map((ref) => ref.name) };
    await repository.fetch(first);
    const commit = await repository.commit(first.commit);
    return commit ? { kind: "found", commit, ref: first.name } : { kind: "unknown" };
  }
  const id = /^[0-9a-f]{7,64}$/.test(word) ? await repository.find(word) : undefined;
  const commit = id === undefined ? undefined : await repository.commit(id);
  return commit ? { kind: "found", commit, ref: null } : { kind: "unknown" };
}

/** What a person means by a word: a tag, a branch, or a commit by its id. */
import { type ConfigRepository, RemoteAway } from "../../ports/config-repository.ts";
import type { Environments } from "../../ports/environments.ts";
import type { Follower } from "./follower.ts";

export type ResolvingParts = { readonly repository: ConfigRepository; readonly follower: Follower };

type Resolved = Awaited<ReturnType<Environments["resolve"]>>;

export async function resolve({ repository, follower: { refs } }: ResolvingParts, word: string): Promise<Resolved> {
  const unknown = { ok: false, reason: "unknown-ref", detail: word } as const;
  const named = [...(refs?.tags ?? []), ...(refs?.branches ?? [])].filter(
    ({ name }) => name === word || name === `refs/tags/${word}` || name === `refs/heads/${word}`,
  );
  const [first] = named;
  // A tag and a branch of one name may lead to different commits.
  if (named.some((ref) => ref.commit !== first?.commit))
    return { ok: false, reason: "ambiguous-ref", detail: named.map((ref) => ref.name).join(" or ") };
  try {
    if (first) await repository.fetch(first);
    const id = first?.commit ?? (/^[0-9a-f]{7,64}$/.test(word) ? await repository.find(word) : undefined);
    const commit = id === undefined ? undefined : await repository.commit(id);
    return commit ? { ok: true, commit, ref: first?.name ?? null } : unknown;
  } catch (error) {
    if (!(error instanceof RemoteAway)) throw error;
    return unknown;
  }
}

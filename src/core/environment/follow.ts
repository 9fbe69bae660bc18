/** Which refs of the remote environments follow. Refs are always named in full: a branch and a tag may have one name. */
import { shortRef } from "./environment.ts";
import { matches, whyNoMirror } from "./matching.ts";
import type { Follow, MirrorRules } from "./rules.ts";
import { orderOfTags } from "./versions.ts";

/** A ref as the remote has it: `refs/heads/main`, `refs/tags/v1`. */
type Ref = { readonly name: string; readonly commit: string };
type Refs = { readonly branches: readonly Ref[]; readonly tags: readonly Ref[] };

export type WhatToRun =
  | { readonly kind: "found"; readonly ref: Ref }
  /** `why` what is followed is not there, and what to do `instead`. */
  | { readonly kind: "nothing"; readonly why: string; readonly instead: string };

/**
 * What production should run.
 *
 * @param protectedBranch in full
 * @returns for a pinned commit that no ref leads to, a ref that is named by the commit itself
 */
export function target(follow: Follow, refs: Refs, protectedBranch: string): WhatToRun {
  switch (follow.kind) {
    case "branch": {
      const name = branchThatIsFollowed(follow, protectedBranch);
      return (
        found(refs.branches.find((branch) => branch.name === name)) ??
        nothing(
          `production follows the branch ${shortRef(name)}, which the repository does not have`,
          `push it, or write another under follow in environments.yaml`,
        )
      );
    }
    case "tag":
      return (
        found(newestTag(follow.pattern, refs.tags)) ??
        nothing(
          `production follows tags ${follow.pattern}, and the repository has none`,
          `tag the commit that is to run, for example git tag ${follow.pattern.replace(/\*+/g, "1")}, and push the tag`,
        )
      );
    case "commit": {
      const { commit } = follow;
      const known = [...refs.branches, ...refs.tags].find((ref) => ref.commit === commit);
      return { kind: "found", ref: known ?? { name: commit, commit } };
    }
  }
}

/** Whether one tag, by its full name, is older as a version than another, among those that match the pattern. */
export function isOlder(tag: string, than: string, pattern = "**"): boolean {
  return orderOfTags(pattern)(shortRef(tag), shortRef(than)) < 0;
}

export type Mirrors = {
  /** Branches that get a mirror, by name. */
  readonly mirrors: readonly Ref[];
  /** Branches that would, were their names not such as could break out of a directory or a command; by their short names. */
  readonly unsafe: readonly { readonly name: string; readonly why: string }[];
};

/** The protected branch, and the one that production follows, get none: they are what production is or will be. */
export function mirrorsOf(
  rules: MirrorRules | undefined,
  refs: Pick<Refs, "branches">,
  protectedBranch: string,
  follow: Follow,
): Mirrors {
  if (!rules) return { mirrors: [], unsafe: [] };
  const productions = [protectedBranch, branchThatIsFollowed(follow, protectedBranch)];
  const wanted = refs.branches.filter(({ name }) => {
    const fits = (pattern: string) => matches(pattern, shortRef(name));
    return !productions.includes(name) && rules.branches.some(fits) && !rules.except.some(fits);
  });
  const judged = wanted
    .map((ref) => ({ ref, name: shortRef(ref.name), why: whyNoMirror(shortRef(ref.name)) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    mirrors: judged.filter(({ why }) => why === undefined).map(({ ref }) => ref),
    unsafe: judged.flatMap(({ name, why }) => (why === undefined ? [] : [{ name, why }])),
  };
}

function branchThatIsFollowed(follow: Follow, protectedBranch: string): string {
  return follow.kind === "branch" && follow.branch !== undefined ? `refs/heads/${follow.branch}` : protectedBranch;
}

function newestTag(pattern: string, tags: readonly Ref[]): Ref | undefined {
  const order = orderOfTags(pattern);
  return tags
    .filter(({ name }) => matches(pattern, shortRef(name)))
    .reduce<Ref | undefined>(
      (newest, tag) => (newest && order(shortRef(newest.name), shortRef(tag.name)) >= 0 ? newest : tag),
      undefined,
    );
}

function found(ref: Ref | undefined): WhatToRun | undefined {
  return ref && { kind: "found", ref };
}

function nothing(why: string, instead: string): WhatToRun {
  return { kind: "nothing", why, instead };
}

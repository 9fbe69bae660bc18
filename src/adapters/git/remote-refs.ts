/** What `git ls-remote --symref` prints, as refs by their full names. */
import type { Ref, Refs } from "../../ports/config-repository.ts";
import { isId } from "./ids.ts";

export type Listing = {
  readonly refs: Refs;
  /** By the full name of a ref what it holds itself: for a tag with a message, the tag object and not its commit. */
  readonly objects: ReadonlyMap<string, string>;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: no name of a ref has them (git help check-ref-format).
const NEVER_IN_NAMES = /[\u0000-\u0020\u007f~^:?*[\\\ufffd]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[./]$/;

/** Lines that are no refs of branches or tags are left out, whatever a remote sends. */
export function parseRefs(printed: string): Listing {
  const objects = new Map<string, string>();
  const commits = new Map<string, string>();
  let symbolic: string | undefined;
  let head: string | undefined;
  for (const line of printed.split("\n")) {
    const [what = "", name = ""] = line.split("\t");
    if (name === "HEAD" && what.startsWith("ref: ")) symbolic = what.slice("ref: ".length);
    else if (!isId(what)) continue;
    else if (name === "HEAD") head = what;
    // A tag object is followed by what it leads to in the end.
    else if (name.endsWith("^{}")) commits.set(name.slice(0, -"^{}".length), what);
    else if (isRefName(name)) objects.set(name, what);
  }
  const refs = [...objects].map(([name, object]): Ref => ({ name, commit: commits.get(name) ?? object }));
  const branches = refs.filter(({ name }) => name.startsWith("refs/heads/"));
  return {
    refs: {
      head: symbolic !== undefined && isRefName(symbolic) ? symbolic : defaultOf(branches, head),
      branches,
      tags: refs.filter(({ name }) => name.startsWith("refs/tags/")),
    },
    objects,
  };
}

/** The full name of a branch or a tag, as git would let one be made. */
export function isRefName(name: string): boolean {
  return /^refs\/(heads|tags)\/./.test(name) && !NEVER_IN_NAMES.test(name);
}

/**
 * Where the clone keeps a ref of the remote: `refs/calops/heads/main`. Flat, since a branch `a/b` may come where a branch `a`
 * was, and the clone may still have that one.
 */
export function keptName(ref: string): string {
  if (!isRefName(ref)) throw new Error(`${JSON.stringify(ref)} is not the full name of a branch or a tag`);
  const [, kind, ...steps] = ref.split("/");
  return `refs/calops/${kind}/${steps.join("/").replaceAll("%", "%25").replaceAll("/", "%2F")}`;
}

/** Some servers do not say which branch they stand on. */
function defaultOf(branches: readonly Ref[], head: string | undefined): string {
  const usual = ["refs/heads/main", "refs/heads/master"].find((name) =>
    branches.some((branch) => branch.name === name),
  );
  const only = branches.length === 1 ? branches[0] : undefined;
  return usual ?? (branches.find(({ commit }) => commit === head) ?? only)?.name ?? "refs/heads/main";
}

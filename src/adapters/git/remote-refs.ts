/** What `git ls-remote --symref` prints, as refs by their full names. */
import type { Ref, Refs } from "../../ports/config-repository.ts";

const COMMIT = /^[0-9a-f]{40,64}$/;

/** Lines that are no refs of branches or tags are left out, whatever a remote sends. */
export function parseRefs(printed: string): Refs {
  const branches: Ref[] = [];
  const tags = new Map<string, string>();
  let symbolic: string | undefined;
  let head: string | undefined;
  for (const line of printed.split("\n")) {
    const [what = "", name = ""] = line.split("\t");
    if (name === "HEAD" && what.startsWith("ref: ")) symbolic = what.slice("ref: ".length);
    if (!COMMIT.test(what)) continue;
    if (name === "HEAD") head = what;
    else if (name.startsWith("refs/heads/")) branches.push({ name, commit: what });
    // A tag object is followed by the commit that it leads to.
    else if (name.endsWith("^{}")) tags.set(name.slice(0, -"^{}".length), what);
    else if (name.startsWith("refs/tags/")) tags.set(name, what);
  }
  return {
    head: symbolic ?? defaultOf(branches, head),
    branches,
    tags: [...tags].map(([name, commit]) => ({ name, commit })),
  };
}

/** Old servers do not say which branch they stand on. */
function defaultOf(branches: readonly Ref[], head: string | undefined): string {
  const usual = ["refs/heads/main", "refs/heads/master"].find((name) => branches.some((branch) => branch.name === name));
  return usual ?? branches.find((branch) => branch.commit === head)?.name ?? "refs/heads/main";
}

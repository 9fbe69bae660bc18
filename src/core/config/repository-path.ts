/** Paths inside the config repository, with `/` between their steps, and where its links lead. */

/** `a/b/c` -> `a`, `a/b`, `a/b/c` */
export function pathAndAbove(path: string): string[] {
  const steps = path.split("/");
  return steps.map((_, index) => steps.slice(0, index + 1).join("/"));
}

/** By path, where each link leads as it is written in it. */
export type Links = ReadonlyMap<string, string>;

export function linksOf(tree: readonly { readonly path: string; readonly target?: string }[]): Links {
  return new Map(tree.flatMap(({ path, target }) => (target === undefined ? [] : [[path, target] as const])));
}

/** What one link may lead through, with all that it is led on by. */
const MOST_STEPS = 200;
/** As Linux has it: whoever follows more links one after the other goes in a circle. */
const MOST_LINKS_FOLLOWED = 40;

/**
 * Where a link leads in the end: step by step as the system goes, through whatever other links lie on the way.
 *
 * @param target as it is written in it; undefined where that is no path
 * @returns the path of what it leads to is empty for the repository itself, and there may be nothing at it
 */
export function whereLeads(
  path: string,
  target: string | undefined,
  links: Links,
): { readonly to: "inside"; readonly path: string } | { readonly to: "outside" | "nowhere" } {
  if (target === undefined || target.startsWith("/")) return { to: "outside" };
  const at = path.split("/").slice(0, -1);
  const ahead = target.split("/");
  let followed = 0;
  let steps = 0;
  for (let step = ahead.shift(); step !== undefined; step = ahead.shift()) {
    if (++steps > MOST_STEPS) return { to: "outside" };
    if (step === "" || step === ".") continue;
    if (step === "..") {
      if (at.pop() === undefined) return { to: "outside" };
      continue;
    }
    const next = links.get([...at, step].join("/"));
    if (next === undefined) at.push(step);
    // Whoever is sent in a circle gets nowhere, and so not out either.
    else if (++followed > MOST_LINKS_FOLLOWED) return { to: "nowhere" };
    else if (next.startsWith("/")) return { to: "outside" };
    else ahead.unshift(...next.split("/"));
  }
  return { to: "inside", path: at.join("/") };
}

/** From the shapes of `tags/*.yaml` to the global tags as they are to be, and references to them from elsewhere. */
import type { DeclaredTag } from "../conditions/declared.ts";
import type { Checker, Parsed } from "./checker.ts";
import type { Path } from "./path.ts";
import type { TagYaml } from "./tag-yaml.ts";

/** By name; undefined for one whose file cannot be read: it is there, and has every payload type that is asked for. */
export type KnownTags = ReadonlyMap<string, DeclaredTag | undefined>;

type TagFile = { readonly name: string; readonly parsed: Parsed<TagYaml> | undefined };

export function tagsOf(files: readonly TagFile[]): KnownTags {
  const known: KnownTags = new Map(files.map(({ name, parsed }) => [name, parsed && declaredTag(name, parsed.value)]));
  for (const { name, parsed } of files) if (parsed) checkUpstream(name, parsed, known);
  checkForCycles(files);
  return known;
}

/**
 * Something names a tag, and perhaps payload types of it. Nothing is known of tags where none is declared: then any name will do.
 */
export function checkTag(
  check: Checker,
  { path, tag, types = [] }: { path: Path; tag: string; types?: readonly { path: Path; type: string }[] },
  known: KnownTags,
): void {
  if (known.size === 0) return;
  check.reference(path, tag, known.keys(), `there is no global tag ${tag}`);
  const declared = known.get(tag);
  if (!declared) return;
  for (const one of types)
    check.reference(one.path, one.type, Object.keys(declared.types), `the tag ${tag} has no payload type ${one.type}`);
}

function declaredTag(name: string, value: TagYaml): DeclaredTag {
  return {
    name,
    description: value.description,
    state: value.state,
    upstream: value.upstream ?? null,
    types: Object.fromEntries(
      Object.entries(value.types).map(([type, one]) => [
        type,
        { description: one.description, oneRun: one["one-run"] },
      ]),
    ),
    firstRun: value["first-run"] ?? null,
  };
}

/** What a staging tag holds must find its place in the tag that it feeds. */
function checkUpstream(name: string, { value, check }: Parsed<TagYaml>, known: KnownTags): void {
  const { upstream } = value;
  if (upstream === undefined) return;
  const others = [...known.keys()].filter((other) => other !== name);
  const what = upstream === name ? "a tag does not feed itself" : `there is no global tag ${upstream}`;
  check.reference(["upstream"], upstream, others, what);
  const target = upstream === name ? undefined : known.get(upstream);
  if (!target) return;
  for (const [type, { "one-run": oneRun }] of Object.entries(value.types)) {
    const there = Object.hasOwn(target.types, type) ? target.types[type] : undefined;
    if (!there)
      check.report(
        ["types", type],
        "unknown-reference",
        `the tag ${upstream}, which this one feeds, has no payload type ${type}`,
        `declare it in tags/${upstream}.yaml too, or take it away here`,
      );
    else if (there.oneRun !== oneRun)
      check.report(
        ["types", type],
        "conflict",
        `one-run of ${type} is ${oneRun} here, and ${there.oneRun} in the tag ${upstream}, which this one feeds`,
        "write the same in both",
      );
  }
}

/** One issue for each circle, at the tag that closes it. */
function checkForCycles(files: readonly TagFile[]): void {
  const byName = new Map(files.map(({ name, parsed }) => [name, parsed]));
  const seen = new Set<string>();
  for (const { name } of files) {
    const trail: string[] = [];
    for (let at: string | undefined = name; at !== undefined; at = byName.get(at)?.value.upstream) {
      const before = trail.indexOf(at);
      // A tag that feeds itself is told where its upstream is looked at.
      if (before >= 0 && trail.length - before > 1) {
        const circle = trail.slice(before);
        byName
          .get(circle.at(-1) ?? "")
          ?.check.report(
            ["upstream"],
            "cycle",
            `the tags feed each other: ${[...circle, at].join(" feeds ")}`,
            "take one of these upstreams away",
          );
      }
      if (before >= 0 || seen.has(at)) break;
      trail.push(at);
    }
    for (const one of trail) seen.add(one);
  }
}

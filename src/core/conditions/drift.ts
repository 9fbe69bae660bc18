/** Where the global tags of the store are not as git declares them. Nothing is put right by itself that a person has to decide. */
import { type Block, list, say } from "../say.ts";
import type { DeclaredTag } from "./declared.ts";
import type { GlobalTag } from "./tag.ts";
import { refusedByState } from "./tag-life.ts";

export type TagDrift = {
  readonly tag: string;
  readonly what: "missing" | "undeclared" | "state" | "upstream" | "description" | "type";
  /** As git has it; null where it has nothing of it. */
  readonly git: string | null;
  readonly store: string | null;
  /** What puts it right. */
  readonly instead: string;
};

/**
 * @param stored as the environment sees them
 * @param types payload types that tags hold something of, by tag; left out where nobody looked
 */
export function driftOf(
  declared: Readonly<Record<string, DeclaredTag>>,
  stored: readonly GlobalTag[],
  environment: string,
  types: Readonly<Record<string, readonly string[]>> = {},
): TagDrift[] {
  return [
    ...Object.values(declared).flatMap((one): TagDrift[] => {
      const tag = stored.find(({ name }) => name === one.name);
      return tag ? differences(one, tag, types[one.name] ?? [], environment) : [missing(one)];
    }),
    ...stored.filter(({ name }) => !Object.hasOwn(declared, name)).map(undeclared),
  ];
}

function differences(git: DeclaredTag, tag: GlobalTag, held: readonly string[], where: string): TagDrift[] {
  const { name: of } = git;
  const { environment } = tag;
  const instead =
    environment === where ? "the next deployment brings what git says" : `it is ${environment}'s, and changes there`;
  return [
    ...(git.state === tag.state
      ? []
      : [{ tag: of, what: "state" as const, git: git.state, store: tag.state, instead: stateInstead(git, tag) }]),
    ...(git.upstream === tag.upstream
      ? []
      : [{ tag: of, what: "upstream" as const, git: git.upstream, store: tag.upstream, instead }]),
    ...(git.description === tag.description
      ? []
      : [{ tag: of, what: "description" as const, git: git.description, store: tag.description, instead }]),
    ...held
      .filter((type) => !Object.hasOwn(git.types, type))
      .map((type) => ({
        tag: of,
        what: "type" as const,
        git: null,
        store: type,
        instead: `declare it in tags/${of}.yaml`,
      })),
  ];
}

function stateInstead(git: DeclaredTag, tag: GlobalTag): string {
  const able = refusedByState(tag, { kind: "state", to: git.state }) === undefined;
  const there = `write state: ${tag.state} into tags/${tag.name}.yaml`;
  return able
    ? `gt state ${tag.name} ${git.state}, or ${there}`
    : `${tag.state} does not become ${git.state}; ${there}`;
}

function missing({ name, state }: DeclaredTag): TagDrift {
  return { tag: name, what: "missing", git: state, store: null, instead: "the next deployment makes it" };
}

function undeclared({ name, state }: GlobalTag): TagDrift {
  return {
    tag: name,
    what: "undeclared",
    git: null,
    store: state,
    instead: `declare it in tags/${name}.yaml, or leave it: nothing is deleted by itself`,
  };
}

/** Nobody has to decide it. */
export function isBroughtByDeploying(what: TagDrift["what"]): boolean {
  return what === "missing" || what === "upstream" || what === "description";
}

/** Empty where everything is as declared. */
export function driftInWords(drift: readonly TagDrift[]): Block[] {
  return drift.length === 0 ? [] : [say`Not as git declares it:`, list(drift.map(driftLine))];
}

/** `prompt is OPEN, and git says RUNNING: gt state prompt RUNNING` */
export function driftLine({ tag, what, git, store, instead }: TagDrift): string {
  switch (what) {
    case "missing":
      return `${tag} is declared and not there: ${instead}`;
    case "undeclared":
      return `${tag} (${store}) is not declared: ${instead}`;
    case "type":
      return `${tag} holds ${store}, which is not declared: ${instead}`;
    case "state":
      return `${tag} is ${store}, and git says ${git}: ${instead}`;
    case "upstream":
      return `${tag} feeds ${store ?? "nothing"}, and git says ${git ?? "nothing"}: ${instead}`;
    case "description":
      return `${tag} is described otherwise in git: ${instead}`;
  }
}

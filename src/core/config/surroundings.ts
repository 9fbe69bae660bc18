/** What is around a workflow's file, as far as it may refer to it. */
import { scope } from "../expression/expression.ts";
import type { AttributeTypes, Scope } from "../expression/types.ts";
import { STATISTICS } from "../validation/seen.ts";
import type { CalopsYaml } from "./calops-yaml.ts";
import type { KnownTags } from "./compile-tags.ts";

export type Surroundings = {
  readonly attributes: AttributeTypes;
  readonly defaults: CalopsYaml["defaults"];
  readonly executors: readonly string[];
  /** People and roles; undefined where there is no `people.yaml`, and then any name will do. */
  readonly owners: ReadonlySet<string> | undefined;
  /** Who is meant by a person's name or a role's; undefined where there is no `people.yaml`. */
  readonly holders: ((name: string) => readonly string[]) | undefined;
  /** Whom messages may be brought to; undefined where `people.yaml` cannot be read. */
  readonly people: readonly string[] | undefined;
  readonly rotas: readonly string[] | undefined;
  /** Tasks by workflow; undefined for one whose file cannot be read, and then it has every task that is asked for. */
  readonly tasks: ReadonlyMap<string, readonly string[] | undefined>;
  /** Data sets that `calops.yaml` declares, with which runs each is about. */
  readonly stages: Readonly<Record<string, "group" | "campaign">>;
  readonly tags: KnownTags;
  /** Paths in the repository, with whether they may be executed. */
  readonly programs: ReadonlyMap<string, boolean>;
  /** What expressions may speak of; made once, since making one is the dear part of checking a workflow. */
  readonly scopes: Scopes;
};

export type Scopes = {
  /** `run` with the declared attributes. */
  readonly run: Scope;
  /** Nothing: constants only. */
  readonly none: Scope;
  /** `metrics` and `iteration`. */
  readonly repeat: Scope;
  /** `metrics`, `previous`, `reference` and `history`. */
  readonly validate: Scope;
  /** `metrics` and `verdict`. */
  readonly signoff: Scope;
  /** `answer`: what was answered from outside. */
  readonly answer: Scope;
};

const NUMBERS = "map<string, double>";

export function scopesOf(attributes: AttributeTypes): Scopes {
  return {
    run: scope({}, attributes),
    none: scope({}),
    repeat: scope({ metrics: "map", iteration: "int" }),
    validate: scope({
      metrics: NUMBERS,
      previous: NUMBERS,
      reference: NUMBERS,
      history: { count: "double", ...Object.fromEntries(STATISTICS.map((statistic) => [statistic, NUMBERS])) },
    }),
    signoff: scope({ metrics: "map", verdict: "string" }),
    answer: scope({ answer: "dyn" }),
  };
}

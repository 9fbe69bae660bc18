/** What expressions speak of, and what they are told with. */
import type { Environment } from "@marcbachmann/cel-js";

/** What the attributes of a run may be, as `calops.yaml` declares them. */
export const ATTRIBUTE_TYPES = ["string", "int", "double", "bool", "timestamp", "duration", "list", "map"] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];
export type AttributeTypes = Readonly<Record<string, AttributeType>>;

/** Plain values by variable name: attributes as JSON holds them, numbers, lists. Expressions turn them into CEL's own types. */
export type Values = Readonly<Record<string, unknown>>;

export type ExpressionProblem = { readonly what: string; readonly instead: string; readonly offset: number };

/** What an expression may speak of in one kind of place. */
export type Scope = {
  readonly environment: Environment;
  readonly runTypes: AttributeTypes;
  readonly names: readonly string[];
  /** What a variable has, by its name, where not just anything. */
  readonly members: Readonly<Record<string, readonly string[]>>;
};

/** A type of CEL, or the types of what the variable has. */
export type VariableType = string | Readonly<Record<string, string>>;

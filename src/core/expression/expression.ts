/**
 * Filters, thresholds and lock conditions: CEL expressions, compiled and type-checked when the configuration is loaded.
 *
 * An expression that reads something which is not there yet (a luminosity that the registry has not filled in) has no
 * answer: it is undecided, which is neither true nor false. Whoever asked waits, and asks again when the thing changed.
 */
import { Environment, EvaluationError } from "@marcbachmann/cel-js";
import { INSTEAD_OF_LOOKING, looksElsewhere } from "../text/endless.ts";
import { type Instant, parseInstant } from "../time.ts";
import { type Name, namesIn } from "./names-in.ts";
import { type CelError, celProblem, celReason } from "./problem.ts";
import type { AttributeType, AttributeTypes, ExpressionProblem, Scope, Values, VariableType } from "./types.ts";
import { inCel, outOfCel } from "./values.ts";

export type Answer =
  | { readonly known: true; readonly value: unknown }
  | { readonly known: false; readonly why: string };

export type Expression = {
  readonly text: string;
  /** The attributes of `run` that it reads. */
  readonly reads: ReadonlySet<string>;
  /** Everything that it reads by name, `run` too. */
  readonly names: readonly Name[];
  /** What it gives is plain, as JSON holds it. */
  ask(values: Values): Answer;
};

const CEL_TYPES: Readonly<Record<AttributeType, string>> = {
  string: "string",
  int: "int",
  double: "double",
  bool: "bool",
  timestamp: "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
  list: "list",
  map: "map",
};

/** A scope with `run` (typed by its declared attributes) where `runTypes` is given, and further variables by CEL type, or by what they have. */
export function scope(variables: Readonly<Record<string, VariableType>>, runTypes?: AttributeTypes): Scope {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  // Physicists write luminosity * 2 == 3 and mean it.
  for (const operator of ["+", "-", "*", "/"] as const) {
    environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) =>
      arithmetic[operator](Number(a), b),
    );
    environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) =>
      arithmetic[operator](a, Number(b)),
    );
  }
  environment.registerOperator("int == double", (a: bigint, b: number) => Number(a) === b);
  environment.registerFunction("abs(double): double", (value: number) => Math.abs(value));
  environment.registerFunction("abs(int): int", (value: bigint) => (value < 0n ? -value : value));
  if (runTypes) {
    const schema = Object.fromEntries(Object.entries(runTypes).map(([name, type]) => [name, CEL_TYPES[type]]));
    environment.registerVariable({ name: "run", schema });
  }
  for (const [name, type] of Object.entries(variables)) {
    if (typeof type === "string") environment.registerVariable(name, type);
    else environment.registerVariable({ name, schema: { ...type } });
  }
  return {
    environment,
    runTypes: runTypes ?? {},
    names: [...(runTypes ? ["run"] : []), ...Object.keys(variables)],
    members: Object.fromEntries(
      Object.entries(variables).flatMap(([name, type]) =>
        typeof type === "string" ? [] : [[name, Object.keys(type)]],
      ),
    ),
  };
}

const arithmetic = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
} as const;

/** Compiles an expression whose value must be of CEL type `wanted` (`bool` for a condition, `int` for a count, `dyn` for anything). */
export function compile(text: string, within: Scope, wanted: "bool" | "int" | "dyn"): Expression | ExpressionProblem {
  const checked = within.environment.check(text);
  if (!checked.valid) return celProblem(text, checked.error as CelError, within);
  if (/\bmatches\s*\(/.test(text) && looksElsewhere(text))
    return {
      what: "a regular expression in it looks ahead, behind or back",
      instead: INSTEAD_OF_LOOKING,
      offset: 0,
    };
  const type = checked.type?.replace("google.protobuf.", "").toLowerCase() ?? "dyn";
  if (wanted !== "dyn" && type !== wanted && type !== "dyn") {
    const kind = wanted === "bool" ? "a condition, true or false" : "a whole number";
    return {
      what: `the expression gives ${type}, not ${kind}`,
      instead: `compare it with something, or use ${wanted}(...)`,
      offset: 0,
    };
  }
  const parsed = within.environment.parse(text);
  const names = namesIn(parsed.ast);
  return {
    text,
    reads: new Set(names.flatMap(([of, name]) => (of === "run" && name !== undefined ? [name] : []))),
    names,
    ask(values) {
      try {
        const value = outOfCel(parsed(inCel(values, within.runTypes)));
        if (wanted === "bool" && typeof value !== "boolean")
          return { known: false, why: `${text} is not true or false` };
        return { known: true, value };
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        return { known: false, why: celReason(error) };
      }
    },
  };
}

export function isProblem(result: Expression | ExpressionProblem): result is ExpressionProblem {
  return "what" in result;
}

/** True, false, or undefined while undecided. */
export function holds(expression: Expression, values: Values): boolean | undefined {
  const answer = expression.ask(values);
  return answer.known ? answer.value === true : undefined;
}

/** The moment of an attribute that is declared a timestamp; undefined when it is missing or not one. */
export function momentOf(attributes: Values, attribute: string): Instant | undefined {
  const value = attributes[attribute];
  return typeof value === "string" ? parseInstant(value) : undefined;
}

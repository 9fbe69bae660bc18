/** From the shape of `calops.yaml` to the run sources, executors and rules for runs. */
import type { MomentRule } from "../conditions/moment-of.ts";
import { matches } from "../environment/matching.ts";
import { scope } from "../expression/expression.ts";
import type { AttributeTypes, Scope } from "../expression/types.ts";
import { BUILT_IN_ATTRIBUTES } from "../run/record.ts";
import { choices } from "../text/nearest.ts";
import type { CalopsYaml, KindSchemas } from "./calops-yaml.ts";
import type { Parsed } from "./checker.ts";
import type { Config, ExecutorConfig, SourceConfig } from "./config.ts";

/** The declared ones, and one called `local` in any case. */
export function executorsOf(calops: CalopsYaml, kinds: KindSchemas): Record<string, ExecutorConfig> {
  const declared = Object.entries(calops.executors).map(([name, executor]) => {
    const options: Readonly<Record<string, unknown>> = executor;
    const kind = Object.keys(kinds).find((k) => options[k] !== undefined) ?? "local";
    return [name, { kind, options: options[kind], limit: executor.limit }] as const;
  });
  return { local: { kind: "local", options: kinds["local"]?.parse({}) }, ...Object.fromEntries(declared) };
}

export function runRulesOf(
  { value, check }: Parsed<CalopsYaml>,
  attributes: AttributeTypes,
  within: Scope,
): Config["runRules"] {
  const known = Object.keys(attributes);
  for (const [name, type] of Object.entries(BUILT_IN_ATTRIBUTES)) {
    if (attributes[name] === type) continue;
    const path = ["runs", "attributes", name];
    check.report(path, "conflict", `every run has ${name}, which is ${type}`, "leave it out, or choose another name");
  }
  for (const list of ["required", "constant"] as const) {
    value.runs[list].forEach((attribute, index) => {
      check.reference(["runs", list, index], attribute, known, `runs have no attribute ${attribute}`);
    });
  }
  return {
    types: attributes,
    numbers: value.runs.numbers,
    required: value.runs.required,
    constant: value.runs.constant,
    checks: value.runs.rules.map((rule, index) => ({
      check: check.expression(["runs", "rules", index, "check"], rule.check, within, "bool"),
      why: rule.why,
    })),
  };
}

export function momentRuleOf({ value, check }: Parsed<CalopsYaml>, within: Scope): MomentRule {
  const { major, minor } = value.conditions;
  return {
    major: check.expression(["conditions", "major"], major, within, "int"),
    minor: check.expression(["conditions", "minor"], minor, within, "int"),
  };
}

export function keepingOf({ value }: Parsed<CalopsYaml>, kinds: readonly string[]): Config["keeping"] {
  const { rest, server } = value.conditions;
  const options: Readonly<Record<string, unknown>> | undefined = server;
  const kind = kinds.find((one) => options?.[one] !== undefined);
  return {
    rest: rest && { secret: rest.token?.secret },
    server: options && kind !== undefined ? { kind, options: options[kind] } : undefined,
  };
}

/** @param people undefined where nobody can say who there is */
export function trackerOf(
  { value, check }: Parsed<CalopsYaml>,
  kinds: readonly string[],
  people: readonly string[] | undefined,
): Config["tickets"] {
  const { tickets } = value;
  if (!tickets) return undefined;
  for (const person of people ? Object.keys(tickets.accounts) : [])
    check.reference(["tickets", "accounts", person], person, people ?? [], `nobody is called ${person}`);
  const options: Readonly<Record<string, unknown>> = tickets;
  const kind = kinds.find((one) => options[one] !== undefined);
  return kind === undefined ? undefined : { kind, options: options[kind], accounts: tickets.accounts };
}

/** A pattern that nothing matches is a name with a typing error in it. */
export function checkCards(
  { value: { cards }, check }: Parsed<CalopsYaml>,
  known: { readonly workflows: readonly string[]; readonly campaigns: readonly string[] },
): void {
  if (!cards) return;
  for (const list of ["workflows", "campaigns"] as const)
    cards[list].forEach((pattern, index) => {
      if (!known[list].some((name) => matches(pattern, name)))
        check.report(
          ["cards", list, index],
          "unknown-reference",
          `none of the ${list} is called ${pattern}`,
          choices(pattern, known[list]),
        );
    });
}

export function sourcesOf(
  { value, check }: Parsed<CalopsYaml>,
  kinds: readonly string[],
  attributes: AttributeTypes,
): Record<string, SourceConfig> {
  const within = scope({ record: "map" });
  return Object.fromEntries(
    Object.entries(value.sources).map(([name, source]) => {
      const options: Readonly<Record<string, unknown>> = source;
      const kind = kinds.find((k) => options[k] !== undefined) ?? "";
      const fields = source.fields && fieldsOf(name, source.fields);
      return [name, { kind, options: options[kind], everyMs: source.every, fields }];
    }),
  );

  function fieldsOf(source: string, fields: Readonly<Record<string, string>>): NonNullable<SourceConfig["fields"]> {
    if (fields["number"] === undefined)
      check.report(
        ["sources", source, "fields"],
        "missing-key",
        "number is missing",
        "add for example number: record.run",
      );
    return Object.fromEntries(
      Object.entries(fields).map(([attribute, text]) => {
        const path = ["sources", source, "fields", attribute];
        if (!Object.hasOwn(attributes, attribute))
          check.report(
            path,
            "unknown-reference",
            `runs have no attribute ${attribute}`,
            `declare it under runs: attributes:, or ${choices(attribute, Object.keys(attributes))}`,
          );
        return [attribute, check.expression(path, text, within, "dyn")];
      }),
    );
  }
}

/** The files of a config repository -> the configuration, or every mistake in it at once. */
import type { z } from "zod";
import { type Scope, scope } from "../expression.ts";
import { BUILT_IN_ATTRIBUTES } from "../run/record.ts";
import { choices } from "../text/nearest.ts";
import { type CalopsYaml, calopsYaml, type KindSchemas } from "./calops-yaml.ts";
import { campaignYaml } from "./campaign-yaml.ts";
import { type Checker, checkerOf } from "./checker.ts";
import { compileWorkflow, type Surroundings, scopesOf } from "./compile-workflow.ts";
import type { Campaign, Config, ExecutorConfig, RunType, SourceConfig } from "./config.ts";
import { cyclesAmong } from "./cycles.ts";
import { inOrderOfNeeds } from "./order.ts";
import { explain } from "./explain.ts";
import { type Issue, inReadingOrder } from "./issue.ts";
import { peopleYaml } from "./people-yaml.ts";
import { runtypesYaml } from "./runtypes-yaml.ts";
import { salvage } from "./salvage.ts";
import { type WorkflowYaml, workflowYaml } from "./workflow-yaml.ts";
import { parseYaml, type YamlDocument } from "./yaml-document.ts";

/** A config repository as it stands at one commit. */
export type ConfigFiles = {
  /** The YAML files that configure something, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every file, by path, with whether it may be executed. */
  readonly programs: ReadonlyMap<string, boolean>;
};

export type Kinds = { readonly sources: KindSchemas; readonly executors: KindSchemas };

export type ConfigReading =
  | { readonly config: Config; readonly issues?: undefined }
  | { readonly config?: undefined; readonly issues: readonly Issue[] };

type Parsed<T> = { readonly file: YamlDocument; readonly value: T; readonly check: Checker };

export function readConfig(files: ConfigFiles, kinds: Kinds): ConfigReading {
  const issues: Issue[] = [];
  const checkers: Checker[] = [];

  function read<Schema extends z.ZodType>(path: string, schema: Schema): Parsed<z.output<Schema>> | undefined {
    const { document, issues: syntax } = parseYaml(path, files.texts.get(path) ?? "");
    issues.push(...syntax);
    if (!document) return undefined;
    const shaped = schema.safeParse(document.value ?? {});
    if (!shaped.success) issues.push(...explain(document, schema, shaped.error));
    const rest = shaped.success
      ? { value: shaped.data, broken: [] }
      : salvage(schema, document.value ?? {}, shaped.error);
    if (!rest) return undefined;
    const check = checkerOf(document, rest.broken);
    checkers.push(check);
    return { file: document, value: rest.value, check };
  }
  const named = (folder: RegExp) =>
    [...files.texts.keys()].flatMap((path) => {
      const match = folder.exec(path);
      return match?.[1] === undefined ? [] : [{ path, name: match[1] }];
    });

  if (!files.texts.has("calops.yaml")) {
    return {
      issues: [
        {
          file: "calops.yaml",
          line: 1,
          column: 1,
          code: "missing-file",
          what: "the file is missing",
          instead: "write at least experiment: NAME, or start from calops init",
        },
      ],
    };
  }
  const calops = read("calops.yaml", calopsYaml(kinds.sources, kinds.executors));
  const people = files.texts.has("people.yaml") ? read("people.yaml", peopleYaml) : undefined;
  const runtypes = files.texts.has("runtypes.yaml") ? read("runtypes.yaml", runtypesYaml) : undefined;
  const campaigns = named(/^campaigns\/([^/]+)\.yaml$/).map(({ path, name }) => ({
    name,
    parsed: read(path, campaignYaml),
  }));
  const workflows = named(/^workflows\/([^/]+)\/workflow\.yaml$/).map(({ path, name }) => ({
    name,
    parsed: read(path, workflowYaml),
  }));

  // What refers to something is checked even where another file is broken, so that one round mends everything.
  const attributes = { ...BUILT_IN_ATTRIBUTES, ...calops?.value.runs.attributes };
  const executors = calops ? executorsOf(calops.value, kinds.executors) : {};
  const around: Surroundings = {
    attributes,
    defaults: calops?.value.defaults ?? calopsYaml({}, {}).parse({ experiment: "?" }).defaults,
    executors: calops
      ? Object.keys(executors)
      : allExecutorsNamedIn(workflows.flatMap(({ parsed }) => parsed?.value ?? [])),
    owners:
      people &&
      new Set([...Object.keys(people.value.people), ...Object.values(people.value.people).flatMap((p) => p.roles)]),
    tasks: new Map(workflows.map(({ name, parsed }) => [name, Object.keys(parsed?.value.tasks ?? {})])),
    programs: files.programs,
    scopes: scopesOf(attributes),
  };
  const compiled = workflows.flatMap(({ name, parsed }) =>
    parsed ? { name, file: parsed.file, ...compileWorkflow(name, parsed.file, parsed.value, around) } : [],
  );
  issues.push(...compiled.flatMap((one) => one.issues));
  issues.push(...cyclesAmong(compiled));

  const names = workflows.map(({ name }) => name);
  const runTypes = runtypes && runTypesOf(runtypes, around.scopes.run, names);
  const campaignList = campaigns.flatMap(({ name, parsed }) => (parsed ? campaignOf(name, parsed, names) : []));
  const rules = calops && runRulesOf(calops, attributes, around.scopes.run);
  const sources = calops && sourcesOf(calops, Object.keys(kinds.sources), attributes);
  issues.push(...checkers.flatMap((check) => check.issues));

  if (issues.length > 0 || !calops || !rules || !sources) return { issues: inReadingOrder(issues) };
  return {
    config: {
      experiment: calops.value.experiment,
      attributes,
      runRules: rules,
      sources,
      executors,
      logs: calops.value.logs,
      work: calops.value.work,
      channel: calops.value.defaults.channel,
      runTypes,
      people: people?.value.people ?? {},
      campaigns: Object.fromEntries(
        campaignList.length > 0 ? campaignList.map((c) => [c.name, c]) : [["prompt", PROMPT]],
      ),
      workflows: Object.fromEntries(inOrderOfNeeds(compiled.map(({ workflow }) => workflow)).map((one) => [one.name, one])),
    },
  };
}

/** What an experiment has that declares no campaign: runs come as they are taken, and every workflow takes them. */
const PROMPT: Campaign = { ...campaignYaml.parse({ kind: "prompt" }), name: "prompt" };

/** The declared ones, and one called `local` in any case. */
function executorsOf(calops: CalopsYaml, kinds: KindSchemas): Record<string, ExecutorConfig> {
  const declared = Object.entries(calops.executors).map(([name, executor]) => {
    const options: Readonly<Record<string, unknown>> = executor;
    const kind = Object.keys(kinds).find((k) => options[k] !== undefined) ?? "local";
    return [name, { kind, options: options[kind], limit: executor.limit }] as const;
  });
  return { local: { kind: "local", options: kinds["local"]?.parse({}) }, ...Object.fromEntries(declared) };
}

function allExecutorsNamedIn(workflows: readonly WorkflowYaml[]): string[] {
  return ["local", ...workflows.flatMap((w) => Object.values(w.tasks).flatMap((task) => task.executor ?? []))];
}

function runTypesOf(
  { value, check }: Parsed<z.output<typeof runtypesYaml>>,
  within: Scope,
  workflows: readonly string[],
): Record<string, RunType> {
  return Object.fromEntries(
    Object.entries(value).map(([name, type]) => {
      type.workflows.forEach((workflow, index) => {
        check.reference([name, "workflows", index], workflow, workflows, `there is no workflow ${workflow}`);
      });
      return [
        name,
        { filter: check.expression([name, "filter"], type.filter, within, "bool"), workflows: type.workflows },
      ];
    }),
  );
}

function campaignOf(
  name: string,
  { value, check }: Parsed<z.output<typeof campaignYaml>>,
  workflows: readonly string[],
): Campaign {
  value.workflows?.forEach((workflow, index) => {
    check.reference(["workflows", index], workflow, workflows, `there is no workflow ${workflow}`);
  });
  return { ...value, name };
}

function runRulesOf(
  { value, check }: Parsed<CalopsYaml>,
  attributes: Config["attributes"],
  within: Scope,
): Config["runRules"] {
  const known = Object.keys(attributes);
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

function sourcesOf(
  { value, check }: Parsed<CalopsYaml>,
  kinds: readonly string[],
  attributes: Config["attributes"],
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
        if (!(attribute in attributes))
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

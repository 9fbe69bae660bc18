/** The secrets that a configuration names, and whether they are there. */
import type { Config } from "../config/config.ts";
import type { EnvironmentRules } from "../environment/rules.ts";
import { plural } from "../say.ts";
import { bad, type Finding, good } from "./finding.ts";

export type NamedSecret = {
  readonly name: string;
  /** Where it is named: `calops.yaml: chats.slack.bot-token`. */
  readonly where: string;
};

export function secretsNamedIn(config: Config, rules: EnvironmentRules): NamedSecret[] {
  const { chats, sources, executors, keeping } = config;
  const kinds = (all: Readonly<Record<string, { readonly kind: string; readonly options: unknown }>>) =>
    Object.fromEntries(Object.entries(all).map(([name, { kind, options }]) => [name, { [kind]: options }]));
  const { host, webhooks } = rules;
  return [
    ...secretsIn({ chats, sources: kinds(sources), executors: kinds(executors) }, "calops.yaml: "),
    ...secretsIn(
      keeping.server && { [keeping.server.kind]: keeping.server.options },
      "calops.yaml: conditions.server.",
    ),
    ...(keeping.rest?.secret === undefined
      ? []
      : [{ name: keeping.rest.secret, where: "calops.yaml: conditions.rest.token" }]),
    ...secretsIn({ host: host && { [host.kind]: host.options } }, "environments.yaml: "),
    ...Object.entries(webhooks).flatMap(([kind, name]) =>
      name === undefined ? [] : [{ name, where: `environments.yaml: webhooks.${kind}` }],
    ),
  ];
}

/**
 * @param isSet whether it has a value now
 * @param directory where secrets may lie as files
 */
export function secretFindings(
  named: readonly NamedSecret[],
  isSet: (name: string) => boolean,
  directory: string,
): Finding[] {
  const names = [...new Set(named.map(({ name }) => name))];
  const missing = names.filter((name) => !isSet(name));
  if (names.length === 0) return [];
  if (missing.length === 0) return [good("secrets", `${plural(names.length, "secret")} named, and all are set`)];
  return missing.map((name) => {
    const where = named.filter((one) => one.name === name).map((one) => one.where);
    return bad(
      `the secret ${name}`,
      `it is not set, and ${where.join(" and ")} ${where.length === 1 ? "names" : "name"} it`,
      `put its value into the environment of the bot as ${name}, or type install -m 600 /dev/stdin ${directory}/${name}, paste it, and press Enter and Ctrl-D`,
    );
  });
}

/** Everything of the shape `{ secret: NAME }`, with the way to it. */
function secretsIn(value: unknown, path: string): NamedSecret[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  const [[key, name] = []] = entries;
  if (entries.length === 1 && key === "secret" && typeof name === "string")
    return [{ name, where: path.replace(/\.$/, "") }];
  return entries.flatMap(([step, inner]) => secretsIn(inner, `${path}${step}.`));
}

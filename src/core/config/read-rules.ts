/**
 * The rules of environments and the people whom they speak of, read by themselves: at the head of the protected branch they
 * hold even where a workflow there is broken.
 */
import { DEFAULT_RULES, type EnvironmentRules } from "../environment/rules.ts";
import { type Rights, STANDARD } from "../permission/rights.ts";
import type { Parsed } from "./checker.ts";
import { rulesOf } from "./compile-environments.ts";
import { compilePeople } from "./compile-people.ts";
import type { Config } from "./config.ts";
import { type EnvironmentsYaml, environmentsYaml } from "./environments-yaml.ts";
import { type Issue, inReadingOrder } from "./issue.ts";
import type { Kinds } from "./kinds.ts";
import { type PeopleYaml, peopleYaml } from "./people-yaml.ts";
import { fileReader, type ReadFile } from "./read-file.ts";

export type RulesReading =
  | {
      readonly rules: EnvironmentRules;
      readonly people: Config["people"];
      readonly rights: Rights;
      readonly issues?: undefined;
    }
  | { readonly issues: readonly Issue[] };

/** @param texts `environments.yaml` and `people.yaml`, as far as they are there; whatever else is among them is not read */
export function readRules(texts: ReadonlyMap<string, string>, kinds: Kinds): RulesReading {
  const issues: Issue[] = [];
  const { rules, rights, people } = readRulesAndPeople(fileReader(texts, issues), texts, kinds);
  if (issues.length > 0) return { issues: inReadingOrder(issues) };
  return { rules, people: people?.value.people ?? {}, rights };
}

/** The same as a part of the whole configuration; with it, whatever else there is to be checked about either file. */
export function readRulesAndPeople(
  read: ReadFile,
  texts: ReadonlyMap<string, string>,
  kinds: Kinds,
): {
  readonly rules: EnvironmentRules;
  readonly rights: Rights;
  readonly people: Parsed<PeopleYaml> | undefined;
  readonly environments: Parsed<EnvironmentsYaml> | undefined;
} {
  const hosts = kinds.hosts ?? {};
  const people = read("people.yaml", peopleYaml(kinds.accounts));
  const environments = read("environments.yaml", environmentsYaml(hosts));
  const rights = people ? compilePeople(people, kinds) : STANDARD;
  const known = texts.has("people.yaml") ? people?.value.people : {};
  const rules = environments ? rulesOf(environments, known, Object.keys(hosts)) : DEFAULT_RULES;
  return { rules, rights, people, environments };
}

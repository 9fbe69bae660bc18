/** JSON Schemas of the configuration's files, for editors. They know the shape alone; what is meant is checked by calops. */
import { z } from "zod";
import { alertsYaml } from "./alerts-yaml.ts";
import { calopsYaml } from "./calops-yaml.ts";
import { campaignYaml } from "./campaign-yaml.ts";
import { environmentsYaml } from "./environments-yaml.ts";
import type { Kinds } from "./kinds.ts";
import { peopleYaml } from "./people-yaml.ts";
import { runtypesYaml } from "./runtypes-yaml.ts";
import { tagYaml } from "./tag-yaml.ts";
import { workflowYaml } from "./workflow-yaml.ts";

/** By the name under which a schema is asked for, the files that it is for. */
export const SCHEMA_FILES = {
  calops: "calops.yaml",
  people: "people.yaml",
  environments: "environments.yaml",
  alerts: "alerts.yaml",
  runtypes: "runtypes.yaml",
  tag: "tags/*.yaml",
  campaign: "campaigns/*.yaml",
  workflow: "workflows/*/workflow.yaml",
} as const;

export type SchemaName = keyof typeof SCHEMA_FILES;

export function jsonSchemaOf(name: SchemaName, kinds: Kinds): Record<string, unknown> {
  const schemas: Readonly<Record<SchemaName, z.ZodType>> = {
    calops: calopsYaml(kinds),
    people: peopleYaml(kinds.accounts),
    alerts: alertsYaml,
    environments: environmentsYaml(kinds.hosts ?? {}),
    runtypes: runtypesYaml,
    tag: tagYaml,
    campaign: campaignYaml,
    workflow: workflowYaml,
  };
  return { ...z.toJSONSchema(schemas[name], { io: "input" }), title: SCHEMA_FILES[name] };
}

import { KINDS } from "../compose.ts";
import { jsonSchemaOf, SCHEMA_FILES, type SchemaName } from "../core/config/json-schema.ts";
import { type ProgramArguments, WrongUse } from "./arguments.ts";
import type { World } from "./world.ts";

/** `calops schema NAME`: the JSON Schema of one of the configuration's files, for editors that complete and check while one types. */
export async function printSchema({ words }: ProgramArguments, { output }: World): Promise<number> {
  const name = words[1] ?? "";
  if (!Object.hasOwn(SCHEMA_FILES, name))
    throw new WrongUse(`no schema is called "${name}"; write one of ${Object.keys(SCHEMA_FILES).join(", ")}`);
  output.write(`${JSON.stringify(jsonSchemaOf(name as SchemaName, KINDS), null, 2)}\n`);
  return 0;
}

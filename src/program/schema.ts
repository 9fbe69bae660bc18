/** JSON Schemas of the configuration's files, for editors that complete and check while one types. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KINDS } from "../compose/kinds.ts";
import { jsonSchemaOf, SCHEMA_FILES, type SchemaName } from "../core/config/json-schema.ts";
import { plural } from "../core/say.ts";
import { type ProgramArguments, textOption, WrongUse } from "./arguments.ts";
import type { World } from "./world.ts";

/** `calops schema NAME` prints one, `calops schema --write DIR` writes all of them. */
export async function schema(args: ProgramArguments, { output }: World): Promise<number> {
  const [, name] = args.words;
  const directory = textOption(args, "write");
  if (directory !== undefined && name === undefined) {
    await writeAll(directory);
    output.write(`${plural(Object.keys(SCHEMA_FILES).length, "schema")} in ${directory}\n`);
    return 0;
  }
  if (directory !== undefined || name === undefined || !isSchemaName(name))
    throw new WrongUse(wrongUse(name, directory));
  output.write(textOf(name));
  return 0;
}

async function writeAll(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of Object.keys(SCHEMA_FILES).filter(isSchemaName))
    await writeFile(join(directory, `${name}.json`), textOf(name));
}

function textOf(name: SchemaName): string {
  return `${JSON.stringify(jsonSchemaOf(name, KINDS), null, 2)}\n`;
}

function isSchemaName(name: string): name is SchemaName {
  return Object.hasOwn(SCHEMA_FILES, name);
}

function wrongUse(name: string | undefined, directory: string | undefined): string {
  if (directory !== undefined) return `--write writes every schema; leave ${name} out`;
  return `no schema is called "${name ?? ""}"; write one of ${Object.keys(SCHEMA_FILES).join(", ")}, or --write DIR for all`;
}

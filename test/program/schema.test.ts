import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SCHEMA_FILES } from "../../src/core/config/json-schema.ts";
import { parseProgram, WrongUse } from "../../src/program/arguments.ts";
import { schema } from "../../src/program/schema.ts";
import { printUsage } from "../../src/program/usage.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "calops-schema-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function give(run: typeof schema, ...words: string[]) {
  const [output, errors] = [new PassThrough({ encoding: "utf8" }), new PassThrough({ encoding: "utf8" })];
  const world = { args: [], env: {}, input: new PassThrough(), output, errors, onStop: () => {}, onReload: () => {} };
  const code = await run(parseProgram(["schema", ...words]), world);
  return { code, output: String(output.read() ?? "") };
}

test("a schema is printed by its name", async () => {
  const { code, output } = await give(schema, "environments");
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ title: "environments.yaml", additionalProperties: false });
});

test("all are written at once, into a directory that need not be there, and again over those of an older version", async () => {
  const directory = join(root, ".vscode/schemas");
  await give(schema, "--write", directory);
  const { code, output } = await give(schema, `--write=${directory}`);
  expect({ code, output }).toEqual({ code: 0, output: `8 schemas in ${directory}\n` });
  expect(readdirSync(directory).sort()).toEqual(
    Object.keys(SCHEMA_FILES)
      .map((name) => `${name}.json`)
      .sort(),
  );
  const { output: printed } = await give(schema, "workflow");
  expect(readFileSync(join(directory, "workflow.json"), "utf8")).toBe(printed);
});

test.each([
  [[], /^no schema is called ""; write one of calops, people, environments, .*, or --write DIR for all$/],
  [["tags"], /^no schema is called "tags"/],
  [["toString"], /^no schema is called "toString"/],
  [["people", "--write", "x"], /^--write writes every schema; leave people out$/],
])("schema %j is a wrong use", async (words, message) => {
  const given = give(schema, ...words);
  await expect(given).rejects.toThrow(message);
  await expect(given).rejects.toBeInstanceOf(WrongUse);
});

test("the usage names every schema", async () => {
  const { output } = await give((_args, world) => printUsage(world));
  for (const name of Object.keys(SCHEMA_FILES)) expect(output).toContain(name);
});

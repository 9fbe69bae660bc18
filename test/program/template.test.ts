/** What stands beside the configuration in the template: it speaks of the files and the version that there are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { SCHEMA_FILES } from "../../src/core/config/json-schema.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const template = (path: string) => read(join("config-repo-template", path));

test("editors find a schema for every file of the configuration", () => {
  const settings = JSON.parse(template(".vscode/settings.json")) as { "yaml.schemas": Record<string, string> };
  expect(settings["yaml.schemas"]).toEqual(
    Object.fromEntries(Object.entries(SCHEMA_FILES).map(([name, files]) => [`./.vscode/schemas/${name}.json`, files])),
  );
});

test("both CI files check with this version of calops, and show the plan of a change that is reviewed", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const github = parse(template(".github/workflows/calops.yml"));
  const gitlab = parse(template(".gitlab-ci.yml"));
  expect([github.env.CALOPS_VERSION, gitlab.variables.CALOPS_VERSION]).toEqual([version, version]);
  expect(github.permissions).toEqual({ contents: "read" });

  const steps: { run?: string }[] = github.jobs.check.steps;
  for (const script of [steps.map(({ run }) => run).join("\n"), gitlab.calops.script.join("\n")]) {
    expect(script).toContain('npx --yes "calops@$CALOPS_VERSION" validate .');
    expect(script).toContain('npx --yes "calops@$CALOPS_VERSION" plan . --from "origin/$BASE" --to HEAD');
    // What a branch is called is never a part of a command.
    expect(script).not.toMatch(/\$\{\{/);
  }
});

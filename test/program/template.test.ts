/** What stands beside the configuration in the template: it speaks of the files and the version that there are. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { initRepository } from "../../src/adapters/command-line/init.ts";
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
    expect(script).toContain('npx --yes "calops@$CALOPS_VERSION" plan --from "origin/$BASE" --to HEAD');
    // What a branch is called is never a part of a command.
    expect(script).not.toMatch(/\$\{\{/);
  }
});

test("what both CI files run passes on a change of the template", async () => {
  const directory = mkdtempSync(join(tmpdir(), "calops-template-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const config = join(directory, "config");
  await initRepository(join(ROOT, "config-repo-template"), config);
  execFileSync("git", ["update-ref", "refs/remotes/origin/main", "HEAD"], { cwd: config });
  const jobs: { run?: string }[] = parse(template(".github/workflows/calops.yml")).jobs.check.steps;
  const scripts = [
    jobs.flatMap(({ run }) => run ?? []),
    (parse(template(".gitlab-ci.yml")).calops.script as string[]).flatMap((text) => text.split("\n")),
  ].map((lines) => lines.filter((line) => line.includes("npx ")).join("\n"));
  for (const script of scripts) {
    const ours = script.replaceAll('npx --yes "calops@$CALOPS_VERSION"', '"$NODE" "$MAIN"');
    const shown = execFileSync("sh", ["-e", "-c", ours], {
      cwd: config,
      encoding: "utf8",
      env: { ...process.env, BASE: "main", NODE: process.execPath, MAIN: join(ROOT, "bin/calops.js") },
    });
    expect(shown).toContain("Nothing that calops reads changed.");
  }
});

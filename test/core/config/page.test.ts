/** The example of docs/configuration.md is a configuration. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { issuesOf } from "./reading.ts";

const PAGE = join(import.meta.dirname, "../../../docs/configuration.md");
const SCRIPTS = ["t0/fit.sh", "t0/combine.sh", "t0/check.sh", "monitoring/sum.sh"];

test("docs/configuration.md tells of files that are read without a mistake", () => {
  const blocks = [...readFileSync(PAGE, "utf8").matchAll(/```yaml\n# (\S+\.yaml)\n([\s\S]*?)```/g)];
  expect(blocks.map(([, path]) => path)).toHaveLength(10);
  const files = Object.fromEntries(blocks.map(([, path = "", text = ""]) => [path, text]));
  const [, calendar = ""] = /```ics\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8")) ?? [];
  const scripts = Object.fromEntries(SCRIPTS.map((script) => [`workflows/${script}`, ""]));
  expect(issuesOf({ ...files, ...scripts, "shifts.ics": calendar, "list-runs.sh": "", "lib/geometry.py": "" })).toEqual(
    [],
  );
});

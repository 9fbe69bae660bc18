import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readConfigFiles } from "../../../src/adapters/git/config-files.ts";
import { jsonSchemaOf, SCHEMA_FILES, type SchemaName } from "../../../src/core/config/json-schema.ts";
import { KINDS } from "./reading.ts";

const NAMES = Object.keys(SCHEMA_FILES) as SchemaName[];
const takes = (name: SchemaName, value: unknown) =>
  z.fromJSONSchema(jsonSchemaOf(name, KINDS) as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;

describe("a JSON Schema for editors", () => {
  test("takes every file of the repository that people start from", async () => {
    const { texts } = await readConfigFiles(new URL("../../../config-repo-template/", import.meta.url).pathname);
    for (const name of NAMES) {
      const paths = new RegExp(`^${SCHEMA_FILES[name].replaceAll(".", "\\.").replaceAll("*", "[^/]+")}$`);
      const files = [...texts].filter(([path]) => paths.test(path));
      expect(files.filter(([, text]) => !takes(name, parse(text))).map(([path]) => path)).toEqual([]);
      if (name !== "campaign") expect(files).not.toEqual([]);
    }
  });

  test("takes what is written, not what is read of it: lengths of time, sizes, single runs", () => {
    expect(takes("campaign", { kind: "reprocessing", runs: [8215, "8000-8100"] })).toBe(true);
    expect(
      takes("workflow", {
        description: "x",
        owner: "ann",
        quota: "2TB",
        tasks: { fit: { run: "./fit.sh", walltime: "1h" } },
      }),
    ).toBe(true);
    expect(
      takes("environments", {
        production: {
          require: { signed: true, approval: "expert" },
          freeze: [{ every: "0 17 * * 5", for: "63h", reason: "x" }],
        },
        mirrors: { channel: "#dev", runs: ["1-9"], grace: "7d" },
        poll: "30s",
      }),
    ).toBe(true);
    expect(
      takes("calops", {
        experiment: "D",
        sources: { a: { replay: { file: "x", pace: "3s" } } },
        executors: { b: { local: {} } },
      }),
    ).toBe(true);
  });

  test.each<[SchemaName, unknown]>([
    ["calops", { experiment: "D", sorces: {} }],
    ["calops", { experiment: "D", sources: { a: { kafka: {} } } }],
    ["people", { people: { ann: { nam: "Ann" } } }],
    ["environments", { production: { follow: { tags: "v*" } } }],
    ["environments", { mirrors: { channel: "dev", isolation: "some" } }],
    ["environments", { host: { sourcehut: {} } }],
    ["runtypes", { physics: { workflows: ["t0"] } }],
    ["campaign", { kind: "promt" }],
    ["workflow", { description: "x", owner: "ann", tasks: { Fit: { run: "fit" } } }],
  ])("of %s refuses %j", (name, value) => {
    expect(takes(name, value)).toBe(false);
  });

  test("tells editors what a key is for", () => {
    for (const name of NAMES) expect(jsonSchemaOf(name, KINDS)).toMatchObject({ title: SCHEMA_FILES[name] });
    expect(JSON.stringify(jsonSchemaOf("workflow", KINDS))).toContain("A person or a role of people.yaml");
  });
});

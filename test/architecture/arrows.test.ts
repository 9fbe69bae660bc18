/** The one arrow of imports, kept: what may know what, and that nothing knows itself in a circle. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** For each place, the places that its files may import from, beside their own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ["core"],
  engine: ["ports", "core"],
  commands: ["ports", "core"],
  adapters: ["ports", "core"],
  compose: ["adapters", "engine", "commands", "ports", "core"],
  program: ["compose", "adapters", "core"],
  main: ["program"],
};

/** Packages of others that the core may use: they compute, and reach out to nothing. */
const CORE_PACKAGES = [
  "zod",
  "yaml",
  "@marcbachmann/cel-js",
  "croner",
  "d3-array",
  "ical.js",
  "fastest-levenshtein",
  "strip-ansi",
];

type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean };

const files = [...below("src"), ...below("commands")];
const imports = files.flatMap(importsOf);

test("everything imports only along the arrow", () => {
  const wrong = imports
    .filter(({ to }) => !to.startsWith("package:"))
    .filter(({ from, to }) => place(from) !== place(to) && !MAY_IMPORT[place(from)]?.includes(place(to)));
  expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test("one adapter does not know another", () => {
  const family = (file: string) =>
    file
      .split("/")
      .slice(0, file.includes("/executors/") || file.includes("/chat/") || file.includes("/sources/") ? 4 : 3)
      .join("/");
  const shared = ["src/adapters/sources", "src/adapters/clock", "src/adapters/isolation", "src/adapters/code-hosts"];
  const wrong = imports
    .filter(({ from, to }) => place(from) === "adapters" && place(to) === "adapters" && family(from) !== family(to))
    .filter(({ to }) => !shared.includes(dirname(to)));
  expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test("the core does nothing: no node modules, no clock, no chance", () => {
  const packages = imports
    .filter(({ from, to }) => place(from) === "core" && to.startsWith("package:"))
    .map(({ to }) => to.slice(8));
  expect([...new Set(packages)].filter((name) => !CORE_PACKAGES.includes(name))).toEqual([]);
  const restless = files.filter(
    (file) =>
      place(file) === "core" &&
      /\bDate\.now\(|new Date\(\)|Math\.random\(|\bprocess\.|\bfetch\(|setTimeout|console\./.test(codeOf(file)),
  );
  expect(restless).toEqual([]);
});

test("nothing imports itself in a circle", () => {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports)
    if (!typeOnly && !to.startsWith("package:")) next.set(from, [...(next.get(from) ?? []), to]);
  const finished = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (finished.has(file)) return;
    if (trail.includes(file)) {
      circles.push([...trail.slice(trail.indexOf(file)), file].join(" -> "));
      return;
    }
    for (const to of next.get(file) ?? []) visit(to, [...trail, file]);
    finished.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("no file has grown into a giant", () => {
  const long = files
    .map((file) => ({ file, lines: codeOf(file).split("\n").length }))
    .filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

function below(directory: string): string[] {
  return readdirSync(join(ROOT, directory), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${directory}/${file}`);
}

function codeOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function importsOf(file: string): Import[] {
  const statements = codeOf(file).matchAll(
    /^(?:import|export)\s+(type\s+)?([^"';]*?)\s*from\s+"([^"]+)"|import\("([^"]+)"\)|^import\s+"([^"]+)"/gm,
  );
  return [...statements].map(([, type, names = "", path, dynamic, bare]) => {
    const target = path ?? dynamic ?? bare ?? "";
    const to = target.startsWith(".")
      ? relative(ROOT, join(ROOT, dirname(file), target))
      : `package:${packageOf(target)}`;
    const named = /^\{(.*)\}$/s
      .exec(names.trim())?.[1]
      ?.split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    const typeOnly =
      type !== undefined || dynamic !== undefined || (named?.every((name) => name.startsWith("type ")) ?? false);
    return { from: file, to, typeOnly };
  });
}

function packageOf(target: string): string {
  return target.startsWith("@") ? target.split("/").slice(0, 2).join("/") : (target.split("/")[0] ?? "");
}

function place(file: string): string {
  if (file.startsWith("commands/")) return "commands";
  return file.split("/")[1]?.replace(/\.ts$/, "") ?? "";
}

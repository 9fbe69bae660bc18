/**
 * The build of the published package and of the image: a few files instead of a thousand, which takes a third off the time that
 * a bot needs to start. A checkout needs none; but Node strips no types inside node_modules.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "rolldown";

export default defineConfig({
  input: {
    main: "src/main.ts",
    "starter-main": "src/adapters/executors/local/starter-main.ts",
    "painter-main": "src/adapters/painter/painter-main.ts",
  },
  platform: "node",
  // Two have libraries of machine code beside them, the other tries what may be installed.
  external: ["better-sqlite3", "@napi-rs/canvas", "pg"],
  plugins: [licences()],
  output: { dir: "dist", cleanDir: true, entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
});

/** The terms of every package that is copied into the build, beside it. */
function licences(): Plugin {
  return {
    name: "licences",
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((one) => (one.type === "chunk" ? one.moduleIds : []));
      const packages = new Set(
        modules.flatMap((id) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []),
      );
      const source = [...packages]
        .sort()
        .map(termsOf)
        .join(`\n${"-".repeat(80)}\n\n`);
      this.emitFile({ type: "asset", fileName: "third-party.txt", source });
    },
  };
}

function termsOf(directory: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const file = readdirSync(directory).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? "" : `\n${readFileSync(join(directory, file), "utf8")}`;
  return `${name} ${version} (${license})\n${text}`;
}
